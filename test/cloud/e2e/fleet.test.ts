import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { file } from '../../browser/page-actions.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud, REGION } from './booted-cloud.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()

/** Lifecycle waits take a tenth of their time, metrics and the cloud's own delays less. */
const DURATIONS = {
  waitFactor: 0.1,
  metricPeriodMs: 250,
  scalingMs: 250,
  instancePendingMs: 200,
  instanceStartingMs: 200,
  instanceStoppingMs: 200,
  instanceReleasingMs: 200,
  interfaceReleasingMs: 200,
}

/** Domain of the page, and its certificate in the account. */
const DOMAIN = 'uploads.example'
const CERTIFICATE_ID = '7654321-ap-southeast-1'

const FILES = 400
const FILE_BYTES = 80_000
/** Bytes per second. The uploads outlast everything that happens meanwhile. */
const SLOW = 200_000
const FAST = 20_000_000

/** Port that only the deployment requests, until the servers are ready. */
const READINESS_PORT = ':8080 '

test.skipIf(reason)(
  'a fleet survives a crash, scaling and a rolling release without a lost file',
  async () => {
    const { cloud, datacenter, project } = await bootedCloud({
      config: {
        instances: { min: 2, max: 3 },
        domain: DOMAIN,
        certificateId: CERTIFICATE_ID,
        callback: true,
        signaturesPerMinute: 6000,
      },
      cloud: { durations: DURATIONS },
    })
    const started = performance.now()
    const report = (what: string): void =>
      console.log(`${((performance.now() - started) / 1000).toFixed(0)} s: ${what}`)
    const { balancing, scaling } = cloud.account.compute(REGION)
    balancing.addCertificate(CERTIFICATE_ID, cloud.authority.issue(DOMAIN))
    expectSuccess(await project.up())
    report('two instances are in service')
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    expect(address).toBe(`https://${DOMAIN}`)
    await datacenter.alias(DOMAIN, balancing.all()[0]?.addresses ?? [])
    const [first = ''] = scaling.groupIds()
    const inServiceBecomes = (expected: unknown) =>
      expect
        .poll(() => scaling.inService(first), { timeout: 180_000, interval: 100 })
        .toEqual(expected)
    const failures = () =>
      datacenter.failedRequests.filter((line) => !line.startsWith(READINESS_PORT))

    // A visitor's page uploads from now on.
    const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
    const page = await browser.newPage({ locale: 'en-US' })
    page.setDefaultTimeout(5 * 60_000)
    const setSpeed = await speedLimit(page)
    await setSpeed(SLOW)
    const offered = Array.from({ length: FILES }, (_, index) =>
      file(`${index}.bin`, randomBytes(FILE_BYTES)),
    )
    const uploading = uploadByPage(page, address, offered, 'some lost')
    uploading.catch(() => {})
    const done = page.locator('#results li:is([data-state=stored], [data-state=callbackFailed])')
    await done.first().waitFor()

    // One of two instances loses power under high CPU load: it is replaced, and a third one is added.
    const one = expect.any(String)
    const [killed = '', other = ''] = scaling.inService(first)
    scaling.setMetric(first, 'CpuUtilization', 80)
    await datacenter.machines.get(killed).kill()
    await inServiceBecomes([other, one, one])
    // Requests fail until the health check notices; the page retries them.
    const lost = failures()
    report(`three instances in service; ${lost.length} requests have failed`)

    // Low CPU load removes an instance, a new release replaces all; neither fails a request.
    scaling.setMetric(first, 'CpuUtilization', 20)
    await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
    const rolling = project.up()
    await inServiceBecomes([one, one])
    const old = scaling.inService(first)
    report(`two instances, ${await done.count()} of ${FILES} files stored`)
    expectSuccess(await rolling)
    report(`the release is out, ${await done.count()} of ${FILES} files stored`)
    expect(scaling.groupIds()).not.toContain(first)
    expect(datacenter.machines.ids.filter((id) => old.includes(id))).toEqual([])
    expect((await project.outputs()).OssClientAddress).toBe(address)
    expect(await done.count()).toBeLessThan(FILES)
    expect(failures().slice(lost.length)).toEqual([])
    await setSpeed(FAST)
    const stored = await uploading
    // Only callbacks to the killed instance were lost.
    const unconfirmed = await page.locator('#results li[data-state=callbackFailed]').count()
    expect(unconfirmed).toBe(lost.filter((line) => line.includes('/callback')).length)
    expect(await storedObjects(cloud, bucket)).toEqual(stored)
    report('all files are stored')
    await browser.close()

    // Back to a single server.
    await project.configure({
      instances: undefined,
      domain: undefined,
      certificateId: undefined,
    })
    expectSuccess(await project.up())
    const single = await project.outputs()
    report('a single server')
    expect(single.OssBucketName).toBe(bucket)
    expect(await storedObjects(cloud, bucket)).toEqual(stored)
    const visitor = new Visitor(datacenter.visitorNamespace)
    expect(await visitor.status(`${single.OssClientAddress}/healthz`)).toBe('200')
    expect(datacenter.machines.ids).toEqual([single.EcsInstanceId])

    await destroyCleanly(cloud, project)
    report('destroyed')
  },
)

/** Returns a function that limits a page's network speed. */
async function speedLimit(page: Page): Promise<(bytesPerSecond: number) => Promise<void>> {
  const session = await page.context().newCDPSession(page)
  return async (bytesPerSecond) => {
    await session.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: bytesPerSecond,
      uploadThroughput: bytesPerSecond,
    })
  }
}
