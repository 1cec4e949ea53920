import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file, slowDown } from '../../browser/page-actions.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { ToolchainError } from '../toolchain/go-program.ts'
import { findPebble } from '../toolchain/pebble.ts'
import { certifiedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { uploadByPage } from './page-upload.ts'
import { servedCertificate } from './served-certificate.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

let reason = whyNoMachine()
const pebble = reason
  ? ''
  : await findPebble((line) => console.log(line)).catch((error: unknown) => {
      if (!(error instanceof ToolchainError)) throw error
      reason = error.message
      console.log(`SKIPPED: https was not tested, because ${reason}`)
      return ''
    })
const FILES = 80

test.skipIf(reason)('https for an IP address, from an authority with outages', async () => {
  const { cloud, datacenter, project, authority, trusted } = await certifiedCloud(pebble, {
    config: { https: true, callback: true, readyMinutes: 1 },
  })
  const visitor = new Visitor(datacenter.visitorNamespace)
  const browser = await visitorBrowser(
    datacenter.visitorNamespace,
    cloud.certificate,
    authority.intermediate,
  )
  const page = await browser.newPage({ locale: 'en-US' })

  // During an outage the update fails with advice; the page works by HTTP and says so.
  authority.outage = 'everything'
  const failed = await project.up()
  expect(failed.code).not.toBe(0)
  const [, eip = ''] = /The page works at http:\/\/([\d.]+) meanwhile/.exec(failed.output) ?? []
  const [address, plain] = [`https://${eip}`, `http://${eip}`]
  expect(failed.output).toContain(`The page does not come by https at ${address} after 1 minute.`)
  expect(failed.output).toContain(
    `The server says: No certificate for ${eip} from the certificate authority: `,
  )
  const { store } = await cloud.storage.region('ap-southeast-1')
  const [bucket = ''] = store
    .list()
    .map(({ settings }) => settings.name)
    .filter((name) => name.includes('-uploads-'))
  const early = await uploadByPage(page, plain, [file('early.txt', 'before there is https')])
  expect(await storedObjects(cloud, bucket)).toEqual(early)
  expect(await page.evaluate(() => window.isSecureContext)).toBe(false)
  expect(await page.locator('#unencrypted-text').textContent()).toContain(
    'The server has no certificate: the certificate authority does not respond.',
  )
  const ports = visitor.openPorts(eip)

  // HTTPS follows without help once the authority is back.
  authority.outage = undefined
  const secure = ['--cacert', trusted]
  const health = (base = address) => visitor.get(`${base}/healthz`, ...secure)
  await expect
    .poll(() => health(), { timeout: 180_000, interval: 500 })
    .toContain('"state":"serving"')
  expect(authority.orders).toBe(1)
  expectSuccess(await project.up())
  const outputs = await project.outputs()
  expect(outputs.OssClientAddress).toBe(address)
  expect(outputs.OssBucketName).toBe(bucket)

  // The certificate is for the address; HTTP redirects, except for the health check.
  const first = await servedCertificate(datacenter, eip)
  expect(first.subjectAltName).toBe(`IP Address:${eip}`)
  expect(await visitor.status(`${address}/`, ...secure)).toBe('200')
  const format = ['--output', '/dev/null', '--write-out', '%{http_code} %{redirect_url}']
  expect(await visitor.get(`${plain}/?serverUrl=1`, ...format)).toBe(`308 ${address}/?serverUrl=1`)
  expect(await health(plain)).toContain('"state":"serving"')
  expect(await ports).toEqual([80, 443])
  const later = await uploadByPage(page, plain, [file('later.txt', 'over https')])
  expect(page.url()).toBe(`${address}/`)
  expect(await page.evaluate(() => window.isSecureContext)).toBe(true)
  expect(await page.locator('#unencrypted').isVisible()).toBe(false)
  expect(await storedObjects(cloud, bucket)).toEqual({ ...early, ...later })
  const [firstId = ''] = datacenter.machines.ids
  const shell = new InstanceShell(datacenter, firstId)
  expect(await shell.run('stat --format=%a /var/lib/private/oss-direct-upload/*')).toMatch(
    /^(600\n)+$/,
  )
  for (const score of Object.values(await shell.securityScores())) {
    expect(score).toBeLessThanOrEqual(2)
  }

  // After a reboot it serves the stored certificate, without an order.
  await datacenter.machines.get(firstId).reboot()
  await expect.poll(() => health(), { timeout: 60_000 }).toContain('"state":"serving"')
  expect((await servedCertificate(datacenter, eip)).fingerprint256).toBe(first.fingerprint256)
  expect(authority.orders).toBe(1)

  // A renewal that fails keeps the old certificate; it succeeds after the outage.
  await authority.requestRenewal(first.toString())
  authority.outage = 'orders'
  await shell.run('systemctl restart oss-direct-upload')
  await expect.poll(() => health(), { timeout: 60_000 }).toMatch(/"state":"serving".*"problem":/)
  expect((await servedCertificate(datacenter, eip)).fingerprint256).toBe(first.fingerprint256)
  expect(await visitor.status(`${address}/`, ...secure)).toBe('200')
  expect(authority.orders).toBe(1)
  authority.outage = undefined
  const fingerprint = async () => (await servedCertificate(datacenter, eip)).fingerprint256
  await expect.poll(fingerprint, { timeout: 60_000 }).not.toBe(first.fingerprint256)
  const renewed = await fingerprint()
  expect(await health()).not.toContain('"problem"')
  expect(authority.orders).toBe(2)

  // A new release serves HTTPS from the start, and uploads continue.
  const offered = Array.from({ length: FILES }, (_, index) =>
    file(`rolling-${index + 1}.bin`, randomBytes(500_000)),
  )
  page.setDefaultTimeout(5 * 60_000)
  await slowDown(page, 500_000)
  const uploading = uploadByPage(page, address, offered, 'some lost')
  const monitor = visitor.monitorOutages(eip, trusted)
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  expectSuccess(await project.up())
  const pending = FILES - (await page.locator('#results li[data-state=stored]').count())
  await slowDown(page, 50_000_000)
  const gaps = await monitor.end()
  const rolled = await uploading
  console.log(
    `longest outage: ${gaps.http} s by http, ${gaps.https} s by https; ` +
      `${pending} of ${FILES} uploads pending`,
  )
  expect(pending).toBeGreaterThan(0)
  // During an outage each is polled about once a second.
  expect(gaps.https).toBeLessThan(gaps.http + 2.5)
  expect(datacenter.machines.ids).not.toContain(firstId)
  expect(await storedObjects(cloud, bucket)).toEqual({ ...early, ...later, ...rolled })
  expect(await fingerprint()).toBe(renewed)
  expect(authority.orders).toBe(2)
  await browser.close()

  await destroyCleanly(cloud, project)
})
