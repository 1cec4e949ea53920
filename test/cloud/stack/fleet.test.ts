import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { matchesWildcard, type RamPolicy } from '../../../app/oss/index.ts'
import { requestCloud, requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'
import { actionsOf, expectMeasured } from './measured-policy.ts'
import { monitorReleases } from './release-monitor.ts'

const REGION = 'ap-southeast-1'
/** The waits that the program configures for Auto Scaling do not matter here. */
const durations = { waitFactor: 0.02, scalingMs: 200 }
const instances = { min: 2, max: 4 }
const DOMAIN = 'photos.example'

/** The deployer's policies: for a single server, and what a fleet needs besides. */
const POLICIES = ['deployer-policy.json', 'deployer-policy-fleet.json']

async function policy(name: string): Promise<RamPolicy> {
  const url = new URL(`../../../docs/${name}`, import.meta.url)
  return JSON.parse(await readFile(url, 'utf8')) as RamPolicy
}

test('a server becomes a fleet and a server again, and uploads stay', async () => {
  const policies = await Promise.all(POLICIES.map(policy))
  const { cloud, page, project } = await setUpDeployment({
    cloud: { durations, deployer: { userName: 'deployer', policies } },
  })
  expectSuccess(await project.up())
  const single = await project.outputs()
  const bucket = single.OssBucketName ?? ''
  const key = await project.accessKey()
  const object = { bucket, key: 'upload/a.txt' }
  const put = await requestOss(cloud, key, REGION, { ...object, method: 'PUT', body: 'hello' })
  expect(put).toBe('200')
  const { store } = await cloud.storage.region(REGION)
  const origins = () => store.find(bucket)?.settings.cors?.rules[0]?.allowedOrigins

  // A fleet needs a domain, and has no resources of a single server.
  for (const [name, count] of Object.entries(instances)) {
    const set = ['config', 'set', '--path', `instances.${name}`, String(count)]
    expectSuccess(await project.run(set))
  }
  const refused = await project.preview()
  expect(refused.output).toContain('instances need domain, a host name for the page')
  await project.configure({ instances, domain: DOMAIN })
  const deployed = expectSuccess(await project.up())
  const many = await project.outputs()
  const [address = ''] = many.ApplicationServerAddress?.split(':') ?? []
  expect(address).toMatch(/^alb-[a-z0-9]+\.ap-southeast-1\.alb\.aliyuncsslbintl\.com$/)
  expect(deployed.output).toContain(`  ${DOMAIN}. CNAME ${address}.\n`)
  cloud.names.set(DOMAIN, address)
  const url = `http://${DOMAIN}`
  expect(many).toEqual({
    OssClientAddress: url,
    ApplicationServerAddress: `${address}:80`,
    OssBucketName: bucket,
    ScalingGroupId: expect.stringMatching(/^asg-[a-z0-9]+$/),
  })
  expect(page.releases()).toHaveLength(2)
  expect(origins()).toEqual([url])
  expect(await cloud.leftovers()).not.toContainEqual(expect.stringMatching(/^eip /))
  expectSuccess(await project.refresh('--expect-no-changes'))
  expectSuccess(await project.preview('--expect-no-changes'))

  // A rolling release: no failed request, and never the old release after the new one.
  const before = page.releases()[0]
  const monitor = monitorReleases(cloud, url)
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  await project.configure({ tags: { team: 'photos' } })
  const update = expectSuccess(await project.up())
  expect(update.output).not.toContain(' CNAME ')
  const { releases, failures, requests } = await monitor.stop()
  const after = page.releases()
  expect(failures).toEqual([])
  expect(requests).toBeGreaterThan(100)
  expect(releases).toEqual([before, after[0]])
  expect(new Set(after).size).toBe(1)
  expect(after).toHaveLength(2)
  const rolled = await project.outputs()
  expect(rolled).toEqual({ ...many, ScalingGroupId: rolled.ScalingGroupId })
  expect(rolled.ScalingGroupId).not.toBe(many.ScalingGroupId)

  // Another size keeps the group; a certificate adds a listener and changes the address.
  const { balancing } = cloud.account.compute(REGION)
  const certificateId = '1234567-ap-southeast-1'
  balancing.addCertificate(certificateId, cloud.authority.issue(DOMAIN))
  await project.configure({ instances: { min: 3, max: 4 }, tags: {}, certificateId })
  expectSuccess(await project.up())
  expect(await project.outputs()).toEqual({
    ...rolled,
    OssClientAddress: `https://${DOMAIN}`,
  })
  expect(page.releases()).toHaveLength(3)
  const ports = balancing.find(address)?.ports ?? []
  expect(
    ports.map(({ port, certificate }) => `${port} ${certificate ? 'https' : 'http'}`).toSorted(),
  ).toEqual(['443 https', '80 http', '8080 http'])
  expect(origins()?.toSorted()).toEqual([`http://${DOMAIN}`, `https://${DOMAIN}`])
  const health = await requestCloud(cloud, `https://${DOMAIN}/healthz`)
  expect(JSON.parse(health.text)).toMatchObject({ status: 'ok', release: after[0] })

  // A single server again: another address, the same bucket with its objects.
  await project.configure({ instances: {}, certificateId: '', domain: '' })
  expectSuccess(await project.up())
  const again = await project.outputs()
  expect(Object.keys(again).toSorted()).toEqual(Object.keys(single).toSorted())
  expect(again.OssBucketName).toBe(bucket)
  expect(origins()).toEqual([again.OssClientAddress])
  expect(page.releases()).toHaveLength(1)
  const content = await store.find(bucket)?.objects.head(object.key)
  expect(content?.size).toBe(5)
  expect(await project.accessKey()).toEqual(key)
  await destroyCleanly(cloud, project)

  // The deployer has used every permission of the fleet's policy, and none beyond both.
  const [usual = [], besides = []] = policies.map((each) => actionsOf(each))
  const isUsual = (action: string) => usual.some((pattern) => matchesWildcard(pattern, action))
  const used = cloud.audit.permissionsUsed('user/deployer')
  expectMeasured(
    used.filter((action) => !isUsual(action)),
    besides,
  )
})
