import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file, slowDown } from '../../browser/page-actions.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()
const CODE = 'open,sesame:42'

test.skipIf(reason)('callbacks, a rolling release during uploads, an access code', async () => {
  const { cloud, datacenter, project } = await bootedCloud({ config: { callback: true } })
  expectSuccess(await project.up())
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  const [firstId = ''] = datacenter.machines.ids
  const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  const visitor = new Visitor(datacenter.visitorNamespace)

  // The server verifies callbacks with the key of OSS, and rejects a forged signature.
  const calledBack = await uploadByPage(page, address, [file('called.txt', 'called back')])
  expect(await storedObjects(cloud, bucket)).toEqual(calledBack)
  const shell = new InstanceShell(datacenter, firstId)
  const callbacks = async (): Promise<string[]> =>
    (await shell.log()).split('\n').filter((line) => line.includes('"/callback"'))
  await expect.poll(callbacks, { timeout: 10_000 }).toHaveLength(1)
  expect((await callbacks())[0]).toContain('"status":200')
  const signatureUrl = `${address}/signature?name=a.txt&type=text/plain&size=1`
  const signed = JSON.parse(await visitor.get(signatureUrl)) as { key: string; callback: string }
  const callback = Buffer.from(signed.callback, 'base64').toString()
  const [, token = ''] = /\\"token\\":\\"([^\\]+)\\"/.exec(callback) ?? []
  const body = { bucket, object: signed.key, etag: '0', size: 1, reqId: 'of the test', token }
  const keyUrl = Buffer.from('https://gosspublic.alicdn.com/callback_pub_key_v1.pem')
  const forged = [
    ...['--data', JSON.stringify(body), '--header', 'content-type: application/json'],
    ...['--header', `x-oss-pub-key-url: ${keyUrl.toString('base64')}`],
    ...['--header', `authorization: ${randomBytes(128).toString('base64')}`],
  ]
  expect(token).not.toBe('')
  expect(await visitor.status(`${address}/callback`, ...forged)).toBe('403')

  // A new release replaces the instance while the open page continues. OSS cannot reach the server
  // while the address moves, so files stored meanwhile are unconfirmed.
  const offered = Array.from({ length: 80 }, (_, index) =>
    file(`rolling-${index + 1}.bin`, randomBytes(500_000)),
  )
  page.setDefaultTimeout(5 * 60_000)
  await slowDown(page, 500_000)
  const uploading = uploadByPage(page, address, offered, 'some lost')
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  const { milliseconds } = expectSuccess(await project.up())
  const pending = 80 - (await page.locator('#results li[data-state=stored]').count())
  await slowDown(page, 50_000_000)
  const rolled = await uploading
  console.log(
    `a release rolled in ${(milliseconds / 1000).toFixed(1)} s, ${pending} of 80 uploads pending`,
  )
  const unconfirmed = await page.locator('#results li[data-state=callbackFailed]').count()
  console.log(`${unconfirmed} files were stored without a callback`)
  expect(pending).toBeGreaterThan(0)
  expect(datacenter.machines.ids).not.toContain(firstId)
  expect((await project.outputs()).OssClientAddress).toBe(address)
  const stored = await storedObjects(cloud, bucket)
  expect(stored).toEqual({ ...calledBack, ...rolled })

  // With an access code the server rejects everyone else.
  await project.configure({}, { accessCode: CODE })
  expectSuccess(await project.up())
  expect(await visitor.status(signatureUrl)).toBe('401')
  expect(await visitor.status(signatureUrl, '--header', `x-access-code: ${CODE}`)).toBe('200')
  const visit = await browser.newPage({ locale: 'en-US' })
  const link = `${address}/#code=${encodeURIComponent(CODE)}`
  const closed = await uploadByPage(visit, link, [file('b.txt', 'b')])
  expect(await storedObjects(cloud, bucket)).toEqual({ ...stored, ...closed })
  await browser.close()

  await destroyCleanly(cloud, project)
})
