import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file, slowDown } from '../../browser/visit.ts'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()
const CODE = 'open,sesame:42'

test.skipIf(reason)('callbacks, a new release while uploads go on, an access code', async () => {
  const { cloud, room, project } = await bootedCloud({ config: { callback: true } })
  wentWell(await project.up())
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  const [firstId = ''] = room.instanceIds
  const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  const visitor = new Visitor(room.visitorNamespace)

  // OSS calls the server, which fetches the key and believes the signature; it believes no other.
  const calledBack = await uploadByPage(page, address, [file('called.txt', 'called back')])
  expect(await storedObjects(cloud, bucket)).toEqual(calledBack)
  const shell = new InstanceShell(room, firstId)
  const callbacks = async (): Promise<string[]> =>
    (await shell.log()).split('\n').filter((line) => line.includes('"/callback"'))
  await expect.poll(callbacks, { timeout: 10_000 }).toHaveLength(1)
  expect((await callbacks())[0]).toContain('"status":200')
  const question = `${address}/signature?name=a.txt&type=text/plain&size=1`
  const signed = JSON.parse(await visitor.get(question)) as { key: string; callback: string }
  const asked = Buffer.from(signed.callback, 'base64').toString()
  const [, token = ''] = /\\"token\\":\\"([^\\]+)\\"/.exec(asked) ?? []
  const claim = { bucket, object: signed.key, etag: '0', size: 1, reqId: 'of the test', token }
  const keyUrl = Buffer.from('https://gosspublic.alicdn.com/callback_pub_key_v1.pem')
  const forged = [
    ...['--data', JSON.stringify(claim), '--header', 'content-type: application/json'],
    ...['--header', `x-oss-pub-key-url: ${keyUrl.toString('base64')}`],
    ...['--header', `authorization: ${randomBytes(128).toString('base64')}`],
  ]
  expect(token).not.toBe('')
  expect(await visitor.status(`${address}/callback`, ...forged)).toBe('403')

  // A new release comes on another instance, and the page that is open goes on. While the address
  // moves, OSS cannot call the server: what is stored then is not confirmed.
  const offered = Array.from({ length: 80 }, (_, index) =>
    file(`rolling-${index + 1}.bin`, randomBytes(500_000)),
  )
  page.setDefaultTimeout(5 * 60_000)
  await slowDown(page, 500_000)
  const uploading = uploadByPage(page, address, offered, 'some lost')
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  const { milliseconds } = wentWell(await project.up())
  const stillToCome = 80 - (await page.locator('#results li[data-state=stored]').count())
  await slowDown(page, 50_000_000)
  const rolled = await uploading
  console.log(
    `a release rolled in ${(milliseconds / 1000).toFixed(1)} s, ${stillToCome} of 80 to come`,
  )
  const unconfirmed = await page.locator('#results li[data-state=callbackFailed]').count()
  console.log(`${unconfirmed} were stored without the server hearing of it`)
  expect(stillToCome).toBeGreaterThan(0)
  expect(room.instanceIds).not.toContain(firstId)
  expect((await project.outputs()).OssClientAddress).toBe(address)
  const stored = await storedObjects(cloud, bucket)
  expect(stored).toEqual({ ...calledBack, ...rolled })

  // Closed to others.
  await project.configure({}, { accessCode: CODE })
  wentWell(await project.up())
  expect(await visitor.status(question)).toBe('401')
  expect(await visitor.status(question, '--header', `x-access-code: ${CODE}`)).toBe('200')
  const visit = await browser.newPage({ locale: 'en-US' })
  const link = `${address}/#code=${encodeURIComponent(CODE)}`
  const closed = await uploadByPage(visit, link, [file('b.txt', 'b')])
  expect(await storedObjects(cloud, bucket)).toEqual({ ...stored, ...closed })
  await browser.close()

  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
