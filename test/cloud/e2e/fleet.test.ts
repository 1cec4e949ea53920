import { randomBytes } from 'node:crypto'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { file } from '../../browser/visit.ts'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud, REGION } from './booted-cloud.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()

/**
 * A minute is six seconds here for what instances wait on their way in and out, and less for metrics;
 * the cloud loses no time of its own.
 */
const PACE = {
  waitFactor: 0.1,
  metricPeriodMs: 250,
  scalingMs: 250,
  instancePendingMs: 200,
  instanceStartingMs: 200,
  instanceStoppingMs: 200,
  instanceReleasingMs: 200,
  interfaceReleasingMs: 200,
}

/** Where visitors find the page, and the certificate for it that the account has. */
const DOMAIN = 'uploads.example'
const CERTIFICATE_ID = '7654321-ap-southeast-1'

const FILES = 400
const FILE_BYTES = 80_000
/** So slow that uploads outlast what happens meanwhile. */
const SLOW = 200_000
const FAST = 20_000_000

/** Where only whoever deploys asks, until the servers are there. */
const TRIAL = ':8080 '

test.skipIf(reason)('a fleet: killed, grown, shrunk, rolled, and back to one', async () => {
  const { cloud, room, project } = await bootedCloud({
    config: {
      instances: { min: 2, max: 3 },
      domain: DOMAIN,
      certificateId: CERTIFICATE_ID,
      callback: true,
      signaturesPerMinute: 6000,
    },
    cloud: { pace: PACE },
  })
  const started = performance.now()
  const tell = (what: string): void =>
    console.log(`${((performance.now() - started) / 1000).toFixed(0)} s: ${what}`)
  const { balancing, scaling } = cloud.account.compute(REGION)
  balancing.addCertificate(CERTIFICATE_ID, cloud.authority.issue(DOMAIN))
  wentWell(await project.up())
  tell('two instances are up')
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  expect(address).toBe(`https://${DOMAIN}`)
  await room.alias(DOMAIN, balancing.all()[0]?.addresses ?? [])
  const [first = ''] = scaling.groupIds()
  const become = (wanted: unknown) =>
    expect.poll(() => scaling.inService(first), { timeout: 180_000, interval: 100 }).toEqual(wanted)
  const refused = () => room.refusedRequests.filter((line) => !line.startsWith(TRIAL))

  // From now on a visitor's page uploads all the time.
  const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  page.setDefaultTimeout(5 * 60_000)
  const limit = await speedLimit(page)
  await limit(SLOW)
  const offered = Array.from({ length: FILES }, (_, index) =>
    file(`${index}.bin`, randomBytes(FILE_BYTES)),
  )
  const uploading = uploadByPage(page, address, offered, 'some lost')
  uploading.catch(() => {})
  const done = page.locator('#results li:is([data-state=stored], [data-state=callbackFailed])')
  await done.first().waitFor()

  // One of two instances loses its power while the CPUs are busy: there is another one, and a third.
  const one = expect.any(String)
  const [killed = '', other = ''] = scaling.inService(first)
  scaling.setMetric(first, 'CpuUtilization', 80)
  await room.machine(killed).kill()
  await become([other, one, one])
  // Until the load balancer had noticed, requests came to nothing; the page tried them again.
  const lost = refused()
  tell(`three instances without the one that was killed; ${lost.length} requests came to nothing`)

  // Idle CPUs, and a new release: one instance goes, then all of them. Neither costs a request.
  scaling.setMetric(first, 'CpuUtilization', 20)
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  const rolling = project.up()
  await become([one, one])
  const old = scaling.inService(first)
  tell(`two instances, ${await done.count()} of ${FILES} files stored`)
  wentWell(await rolling)
  tell(`a release has rolled, ${await done.count()} of ${FILES} files stored`)
  expect(scaling.groupIds()).not.toContain(first)
  expect(room.instanceIds.filter((id) => old.includes(id))).toEqual([])
  expect((await project.outputs()).OssClientAddress).toBe(address)
  expect(await done.count()).toBeLessThan(FILES)
  expect(refused().slice(lost.length)).toEqual([])
  await limit(FAST)
  const stored = await uploading
  // All have been called back about, but those whose callback came to the instance that was killed.
  const unconfirmed = await page.locator('#results li[data-state=callbackFailed]').count()
  expect(unconfirmed).toBe(lost.filter((line) => line.includes('/callback')).length)
  expect(await storedObjects(cloud, bucket)).toEqual(stored)
  tell('all files are stored')
  await browser.close()

  // Back to one.
  await project.configure({
    instances: undefined,
    domain: undefined,
    certificateId: undefined,
  })
  wentWell(await project.up())
  const single = await project.outputs()
  tell('there is one server again')
  expect(single.OssBucketName).toBe(bucket)
  expect(await storedObjects(cloud, bucket)).toEqual(stored)
  const visitor = new Visitor(room.visitorNamespace)
  expect(await visitor.status(`${single.OssClientAddress}/healthz`)).toBe('200')
  expect(room.instanceIds).toEqual([single.EcsInstanceId])

  wentWell(await project.destroy())
  tell('all is gone')
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})

/** Limits how many bytes a second a page sends and receives, as often as it is called. */
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
