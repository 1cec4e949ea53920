import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'
import { fetchPage, monitorReleases } from './release-monitor.ts'

const REGION = 'ap-southeast-1'
/** The waits that the program configures for Auto Scaling do not matter here. */
const durations = { waitFactor: 0.02, scalingMs: 200 }
const instances = { min: 2, max: 4 }
const DOMAIN = 'photos.example'

/** Refusals of ALB that pass by themselves, and a call that may get each. */
const TRANSIENT = [
  ['SystemBusy', 'alb:CreateLoadBalancer'],
  ['IdempotenceProcessing', 'alb:CreateServerGroup'],
  ['IncorrectBusinessStatus.LoadBalancer', 'alb:CreateListener'],
  ['ResourceInConfiguring.Listener', 'alb:DeleteListener'],
  ['Throttling.ConcurrentLimitExceeded', 'alb:DeleteLoadBalancer'],
] as const

test('a release that fails to start is reported, gets no requests and leaves nothing', async () => {
  const config = { instances, domain: DOMAIN, readyMinutes: 1 }
  const { cloud, page, project } = await setUpDeployment({ cloud: { durations }, config })
  const { catalogue } = cloud.account.compute(REGION)
  const faults = TRANSIENT.map(([code, action]) =>
    cloud.faults.add({ kind: 'refuse', code, action, times: 1 }),
  )

  expectSuccess(await project.up())
  const { OssClientAddress: url = '', ApplicationServerAddress } = await project.outputs()
  cloud.names.set(DOMAIN, ApplicationServerAddress?.split(':')[0] ?? '')
  const [served] = page.releases()
  const monitor = monitorReleases(cloud, url)

  // During a rolling release everything sells out before its instances start.
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a second')\n`)
  const up = project.up()
  const created = () => cloud.audit.find({ action: 'ess:CreateScalingGroup', succeeded: true })
  await expect.poll(() => created().length, { timeout: 120_000, interval: 50 }).toBe(2)
  for (const { id } of catalogue.instanceTypes()) catalogue.sellOut(id)
  const failed = await up
  expect(failed.code).not.toBe(0)
  expect(failed.output).toMatch(
    /^ *error: The fleet does not answer at http:\/\/alb-\w+\.ap-southeast-1\.alb\.aliyuncsslbintl\.com:8080 for photos\.example after 1 minute\.$/m,
  )
  expect(failed.output).toMatch(
    /aliyun ess DescribeScalingActivities --RegionId ap-southeast-1 --ScalingGroupId asg-[a-z0-9]+\n/,
  )
  expect(failed.output).not.toMatch(/^ +at /m)
  expect(page.releases()).toEqual([served, served])

  // The next release replaces both without a failed request.
  for (const { id } of catalogue.instanceTypes()) catalogue.restock(id)
  await project.edit('app/server/main.ts', (text) => text.replace("'a second'", "'a third'"))
  expectSuccess(await project.up())
  const { releases, failures } = await monitor.stop()
  const [repaired] = page.releases()
  expect(failures).toEqual([])
  expect(releases).toEqual([served, repaired])
  expect(page.releases()).toEqual([repaired, repaired])
  expect((await fetchPage(cloud, `${url}/`)).status).toBe(200)

  // Destroying the stack during a broken release leaves nothing.
  page.broken = ({ RELEASE }) => RELEASE !== repaired
  await project.edit('app/server/main.ts', (text) => text.replace("'a third'", "'broken'"))
  const args = ['up', '--yes', '--skip-preview']
  const interrupted = await project.run(args, /Waiting for http:\/\/alb-\S+:8080 \(\d+ s\)/)
  expect(interrupted.code).not.toBe(0)
  expect((await fetchPage(cloud, `${url}/healthz`)).text).toContain(repaired)
  await project.run(['cancel', '--yes'])
  await destroyCleanly(cloud, project)
  expect(faults.filter(({ hits }) => hits !== 1).map(({ rule }) => rule)).toEqual([])
})
