import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RamPolicy } from '../../../../app/oss/index.ts'
import { type SimulatedCloud, startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { type OssRequest, requestOss } from '../../stack/cloud-client.ts'
import { callApi, outcomeOf, TestClock } from './api-client.ts'

// What docs/deployer-policy.json refuses. That it suffices is tested by deployments.

const REGION = 'ap-southeast-1'
const OWN = 'oss-direct-upload-dev-uploader'
const path = new URL('../../../../docs/deployer-policy.json', import.meta.url)
const policy = JSON.parse(readFileSync(path, 'utf8')) as RamPolicy
const ADMIN = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
})
const clock = new TestClock()
let cloud: SimulatedCloud

beforeAll(async () => {
  clock.ms = Date.now()
  cloud = await startSimulatedCloud({
    propagationMs: 0,
    userLagMs: 0,
    deployer: { userName: 'deployer', policies: [policy] },
  })
  const { store } = await cloud.storage.region(REGION)
  await store.save({
    name: 'photos-of-others',
    region: REGION,
    created: new Date().toISOString(),
    acl: 'private',
    storageClass: 'Standard',
    dataRedundancyType: 'LRS',
    blockPublicAccess: true,
    documents: {},
  })
  for (const UserName of [OWN, 'admin']) await ram('CreateUser', { UserName })
  for (const PolicyName of [OWN, 'admins']) {
    await ram('CreatePolicy', { PolicyName, PolicyDocument: ADMIN })
  }
})
afterAll(async () => {
  expect(cloud.failures).toEqual([])
  await cloud.close()
})

const ram = async (action: string, parameters: Record<string, string>): Promise<string> =>
  outcomeOf(await callApi(cloud, clock, action, { parameters }))

const custom = { PolicyType: 'Custom' }
describe('the deployer cannot', () => {
  test.each<[string, string, Record<string, string>]>([
    ['create a key for another user', 'CreateAccessKey', { UserName: 'admin' }],
    ['create a key for itself', 'CreateAccessKey', { UserName: 'deployer' }],
    [
      'delete a key of another user',
      'DeleteAccessKey',
      { UserName: 'admin', UserAccessKeyId: 'x' },
    ],
    ['delete another user', 'DeleteUser', { UserName: 'admin' }],
    ['delete a login of another user', 'DeleteLoginProfile', { UserName: 'admin' }],
    [
      'change another policy',
      'CreatePolicyVersion',
      { PolicyName: 'admins', PolicyDocument: ADMIN },
    ],
    ['delete another policy', 'DeletePolicy', { PolicyName: 'admins' }],
    ['delete another role', 'DeleteRole', { RoleName: 'admin' }],
    [
      'attach its policies to itself',
      'AttachPolicyToUser',
      { UserName: 'deployer', PolicyName: OWN, ...custom },
    ],
    [
      'attach its policies to another role',
      'AttachPolicyToRole',
      { RoleName: 'admin', PolicyName: OWN, ...custom },
    ],
    [
      'attach another policy',
      'AttachPolicyToUser',
      { UserName: OWN, PolicyName: 'admins', ...custom },
    ],
    [
      'attach a system policy',
      'AttachPolicyToUser',
      { UserName: OWN, PolicyName: 'AdministratorAccess', PolicyType: 'System' },
    ],
    [
      'detach a policy of another user',
      'DetachPolicyFromUser',
      { UserName: 'admin', PolicyName: 'admins', ...custom },
    ],
  ])('%s', async (_what, action, parameters) => {
    expect(await ram(action, parameters)).toBe('403 NoPermission')
  })

  test('give another role to an instance', async () => {
    const { body } = await callApi(cloud, clock, 'AttachInstanceRamRole', {
      host: `ecs.${REGION}.aliyuncs.com`,
      version: '2014-05-26',
      parameters: { RegionId: REGION, RamRoleName: 'admin', InstanceIds: '["i-1"]' },
    })
    expect(body).toMatchObject({ Code: 'Forbidden.RAM' })
    expect(body.Message).toContain('AuthAction: ram:PassRole, ')
  })

  test.each<[string, OssRequest]>([
    ['create a bucket of another name', { bucket: 'photos-1', method: 'PUT' }],
    ['delete another bucket', { bucket: 'photos-of-others', method: 'DELETE' }],
    [
      'open another bucket',
      {
        bucket: 'photos-of-others',
        method: 'PUT',
        query: { acl: '' },
        headers: { 'x-oss-acl': 'public-read' },
      },
    ],
    ['read an object of another bucket', { bucket: 'photos-of-others', key: 'a', method: 'GET' }],
    [
      'write an object of another bucket',
      { bucket: 'photos-of-others', key: 'a', method: 'PUT', body: 'a' },
    ],
  ])('%s', async (_what, call) => {
    expect(await requestOss(cloud, cloud.deployer, REGION, call)).toBe('403 AccessDenied')
  })
})

// docs/deploying.md warns of this: RAM cannot restrict what a policy says.
test('the deployer can still give every right to a user of its own', async () => {
  const attachment = { UserName: OWN, PolicyName: OWN, ...custom }
  expect(await ram('AttachPolicyToUser', attachment)).toBe('200')
  expect(await ram('CreateAccessKey', { UserName: OWN })).toBe('200')
})
