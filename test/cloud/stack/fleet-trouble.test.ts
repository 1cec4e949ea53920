import { expect, test } from 'vitest'
import { comeAgain, visit } from './fleet-visitor.ts'
import { stackCloud, wentWell } from './stack-cloud.ts'

const REGION = 'ap-southeast-1'
/** What the program has Auto Scaling wait for is no matter here. */
const pace = { waitFactor: 0.02, scalingMs: 200 }
const instances = { min: 2, max: 4 }

test('what does not come up is told, gets no visitors and leaves nothing', async () => {
  const config = { instances, readyMinutes: 1 }
  const { cloud, page, project } = await stackCloud({ cloud: { pace }, config })
  const { catalogue } = cloud.account.compute(REGION)

  // Everything is sold out just when the instances are to be made.
  const up = project.up()
  const created = () => cloud.audit.find({ action: 'ess:CreateScalingGroup', succeeded: true })
  await expect.poll(() => created().length, { timeout: 120_000, interval: 50 }).toBe(1)
  for (const { id } of catalogue.instanceTypes()) catalogue.sellOut(id)
  const failed = await up
  expect(failed.code).not.toBe(0)
  expect(failed.output).toMatch(
    /^ *error: The fleet does not answer at http:\/\/alb-\w+\.ap-southeast-1\.alb\.aliyuncs\.com:8080 after 1 minute\.$/m,
  )
  expect(failed.output).toMatch(
    /aliyun ess DescribeScalingActivities --RegionId ap-southeast-1 --ScalingGroupId asg-[a-z0-9]+\n/,
  )
  expect(failed.output).not.toMatch(/^ +at /m)

  // Back in stock, Auto Scaling goes on by itself, and the next update only waits for it.
  for (const { id } of catalogue.instanceTypes()) catalogue.restock(id)
  wentWell(await project.up())
  expect(created()).toHaveLength(1)
  expect(page.releases()).toHaveLength(2)
  const { OssClientAddress: url = '' } = await project.outputs()
  const [served] = page.releases()

  // A release that does not work is tried, and given up: visitors still get the one before.
  page.broken = ({ RELEASE }) => RELEASE !== served
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('broken')\n`)
  const visitor = comeAgain(cloud, url)
  const args = ['up', '--yes', '--skip-preview']
  const given = await project.run(args, /Waiting for http:\/\/alb-\S+:8080 \(\d+ s\)/)
  expect(given.code).not.toBe(0)
  // The release after it works; both others go.
  await project.edit('app/server/main.ts', (text) => text.replace("'broken'", "'repaired'"))
  const tried = new Set(page.releases())
  page.broken = ({ RELEASE = '' }) => RELEASE !== served && tried.has(RELEASE)
  await project.run(['cancel', '--yes'])
  wentWell(await project.up())
  const { releases, failures } = await visitor.stop()
  const [repaired] = page.releases()
  expect(failures).toEqual([])
  expect(releases).toEqual([served, repaired])
  expect(new Set(page.releases()).size).toBe(1)
  expect(tried.has(repaired ?? '')).toBe(false)
  expect((await visit(cloud, `${url}/`)).status).toBe(200)

  // Destroyed while a release is on trial, nothing stays.
  page.broken = ({ RELEASE }) => RELEASE !== repaired
  await project.edit('app/server/main.ts', (text) => text.replace("'repaired'", "'broken again'"))
  await project.run(args, /Waiting for http:\/\/alb-\S+:8080 \(\d+ s\)/)
  await project.run(['cancel', '--yes'])
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
