import { expect, test } from 'vitest'
import { stackCloud, wentWell } from './deployment-setup.ts'
import { comeAgain, visit } from './release-monitor.ts'

const REGION = 'ap-southeast-1'
/** What the program has Auto Scaling wait for is no matter here. */
const pace = { waitFactor: 0.02, scalingMs: 200 }
const instances = { min: 2, max: 4 }

test('what does not come up is told, gets no visitors and leaves nothing', async () => {
  const config = { instances, readyMinutes: 1 }
  const { cloud, page, project } = await stackCloud({ cloud: { pace }, config })
  const { catalogue } = cloud.account.compute(REGION)

  wentWell(await project.up())
  const { OssClientAddress: url = '' } = await project.outputs()
  const [served] = page.releases()
  const visitor = comeAgain(cloud, url)

  // A release rolls, and everything is sold out just when its instances are to be made.
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a second')\n`)
  const up = project.up()
  const created = () => cloud.audit.find({ action: 'ess:CreateScalingGroup', succeeded: true })
  await expect.poll(() => created().length, { timeout: 120_000, interval: 50 }).toBe(2)
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
  expect(page.releases()).toEqual([served, served])

  // The next release comes up, both others go, and nobody was turned away meanwhile.
  for (const { id } of catalogue.instanceTypes()) catalogue.restock(id)
  await project.edit('app/server/main.ts', (text) => text.replace("'a second'", "'a third'"))
  wentWell(await project.up())
  const { releases, failures } = await visitor.stop()
  const [repaired] = page.releases()
  expect(failures).toEqual([])
  expect(releases).toEqual([served, repaired])
  expect(page.releases()).toEqual([repaired, repaired])
  expect((await visit(cloud, `${url}/`)).status).toBe(200)

  // A release that does not work is given up; destroyed while it is on trial, nothing stays.
  page.broken = ({ RELEASE }) => RELEASE !== repaired
  await project.edit('app/server/main.ts', (text) => text.replace("'a third'", "'broken'"))
  const args = ['up', '--yes', '--skip-preview']
  const given = await project.run(args, /Waiting for http:\/\/alb-\S+:8080 \(\d+ s\)/)
  expect(given.code).not.toBe(0)
  expect((await visit(cloud, `${url}/healthz`)).text).toContain(repaired)
  await project.run(['cancel', '--yes'])
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
})
