import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import type { RamPolicy } from '../../../app/oss/index.ts'
import { callOss, requestCloud } from './cloud-client.ts'
import { stackCloud, wentWell } from './deployment-setup.ts'
import { comeAgain } from './release-monitor.ts'

const REGION = 'ap-southeast-1'
/** What the program has Auto Scaling wait for is no matter here. */
const pace = { waitFactor: 0.02, scalingMs: 200 }
const instances = { min: 2, max: 4 }

/** Of whoever deploys: what a single server takes, and what a fleet takes besides. */
const POLICIES = ['deployer-policy.json', 'deployer-policy-fleet.json']

async function policy(name: string): Promise<RamPolicy> {
  const url = new URL(`../../../docs/${name}`, import.meta.url)
  return JSON.parse(await readFile(url, 'utf8')) as RamPolicy
}

const actions = ({ Statement }: RamPolicy): string[] =>
  Statement.flatMap(({ Action }) => Action ?? [])

test('one becomes many and one again, and what was uploaded stays', async () => {
  const policies = await Promise.all(POLICIES.map(policy))
  const { cloud, page, project } = await stackCloud({
    cloud: { pace, deployer: { userName: 'deployer', policies } },
  })
  wentWell(await project.up())
  const single = await project.outputs()
  const bucket = single.OssBucketName ?? ''
  const key = await project.accessKey()
  const object = { bucket, key: 'upload/a.txt' }
  const put = await callOss(cloud, key, REGION, { ...object, method: 'PUT', body: 'hello' })
  expect(put).toBe('200')
  const { store } = await cloud.storage.region(REGION)
  const origins = () => store.find(bucket)?.settings.cors?.rules[0]?.allowedOrigins

  // Many: a name instead of an address, and nothing that belongs to a single server.
  for (const [name, count] of Object.entries(instances)) {
    const set = ['config', 'set', '--path', `instances.${name}`, String(count)]
    wentWell(await project.run(set))
  }
  wentWell(await project.up())
  const many = await project.outputs()
  const url = many.OssClientAddress ?? ''
  const address = url.replace('http://', '')
  expect(address).toMatch(/^alb-[a-z0-9]+\.ap-southeast-1\.alb\.aliyuncs\.com$/)
  expect(many).toEqual({
    OssClientAddress: url,
    ApplicationServerAddress: `${address}:80`,
    OssBucketName: bucket,
    ScalingGroupId: expect.stringMatching(/^asg-[a-z0-9]+$/),
  })
  expect(page.releases()).toHaveLength(2)
  expect(origins()).toEqual([url])
  expect(await cloud.leftovers()).not.toContainEqual(expect.stringMatching(/^eip /))
  wentWell(await project.refresh('--expect-no-changes'))
  wentWell(await project.preview('--expect-no-changes'))

  // A release rolls: nobody is turned away, and nobody gets the old one after the new.
  const before = page.releases()[0]
  const visitor = comeAgain(cloud, url)
  await project.edit('app/server/main.ts', (text) => `${text}\nconsole.log('a new release')\n`)
  await project.configure({ tags: { team: 'photos' } })
  wentWell(await project.up())
  const { releases, failures, visits } = await visitor.stop()
  const after = page.releases()
  expect(failures).toEqual([])
  expect(visits).toBeGreaterThan(100)
  expect(releases).toEqual([before, after[0]])
  expect(new Set(after).size).toBe(1)
  expect(after).toHaveLength(2)
  const rolled = await project.outputs()
  expect(rolled).toEqual({ ...many, ScalingGroupId: rolled.ScalingGroupId })
  expect(rolled.ScalingGroupId).not.toBe(many.ScalingGroupId)

  // Another size is the same group; a certificate is another listener, and another address.
  const { balancing } = cloud.account.compute(REGION)
  const secure = { certificateId: '1234567-ap-southeast-1', domain: 'photos.example' }
  balancing.addCertificate(secure.certificateId, cloud.authority.issue(secure.domain))
  cloud.names.set(secure.domain, address)
  await project.configure({ instances: { min: 3, max: 4 }, tags: {}, ...secure })
  wentWell(await project.up())
  expect(await project.outputs()).toEqual({
    ...rolled,
    OssClientAddress: 'https://photos.example',
  })
  expect(page.releases()).toHaveLength(3)
  const ports = balancing.find(address)?.ports ?? []
  expect(
    ports.map(({ port, certificate }) => `${port} ${certificate ? 'https' : 'http'}`).toSorted(),
  ).toEqual(['443 https', '80 http', '8080 http'])
  expect(origins()?.toSorted()).toEqual([
    `http://${address}`,
    'http://photos.example',
    'https://photos.example',
  ])
  const health = await requestCloud(cloud, 'https://photos.example/healthz')
  expect(JSON.parse(health.text)).toMatchObject({ status: 'ok', release: after[0] })

  // One again: another address, the same bucket with what is in it.
  await project.configure({ instances: {}, certificateId: '', domain: '' })
  wentWell(await project.up())
  const again = await project.outputs()
  expect(Object.keys(again).toSorted()).toEqual(Object.keys(single).toSorted())
  expect(again.OssBucketName).toBe(bucket)
  expect(origins()).toEqual([again.OssClientAddress])
  expect(page.releases()).toHaveLength(1)
  const content = await store.find(bucket)?.objects.head(object.key)
  expect(content?.size).toBe(5)
  expect(await project.accessKey()).toEqual(key)
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])

  // Whoever deploys has used every right of a fleet's policy, and none beyond the two.
  const [usual = [], besides = []] = policies.map(actions)
  const used = cloud.audit.permissionsUsed('user/deployer')
  expect(used.filter((action) => !usual.includes(action))).toEqual(besides.toSorted())
})
