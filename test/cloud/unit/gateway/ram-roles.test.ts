import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SimulatedCloud, startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { callApi, outcomeOf, TestClock } from './api-client.ts'

let clock: TestClock
let cloud: SimulatedCloud

beforeEach(async () => {
  clock = new TestClock()
  cloud = await startSimulatedCloud({ now: clock.now })
})

afterEach(async () => {
  expect(cloud.failures).toEqual([])
  await cloud.close()
})

const call = (action: string, parameters: Record<string, string> = {}) =>
  callApi(cloud, clock, action, { parameters })
const outcome = async (action: string, parameters: Record<string, string> = {}) =>
  outcomeOf(await call(action, parameters))

const document = (...actions: string[]): string =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  })
const trust = (service: string): string =>
  JSON.stringify({
    Version: '1',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: [service] } }],
  })

describe('roles', () => {
  const create = (more: Record<string, string> = {}) =>
    call('CreateRole', {
      RoleName: 'Reader',
      AssumeRolePolicyDocument: trust('ecs.aliyuncs.com'),
      ...more,
    })

  test('are created, shown and deleted', async () => {
    const made = await create({ MaxSessionDuration: '7200', Tag: '[{"Key":"a","Value":"b"}]' })
    const role = {
      RoleId: expect.stringMatching(/^3\d{17}$/),
      RoleName: 'Reader',
      Arn: 'acs:ram::1234567890123456:role/reader',
      Description: '',
      AssumeRolePolicyDocument: trust('ecs.aliyuncs.com'),
      MaxSessionDuration: 7200,
      CreateDate: '2026-11-24T12:00:00Z',
      UpdateDate: '2026-11-24T12:00:00Z',
    }
    expect(made.body.Role).toEqual(role)
    expect((await call('GetRole', { RoleName: 'Reader' })).body.Role).toEqual(role)
    expect(outcomeOf(await create())).toBe('409 EntityAlreadyExists.Role')
    expect(await outcome('DeleteRole', { RoleName: 'Reader' })).toBe('200')
    expect(await outcome('GetRole', { RoleName: 'Reader' })).toBe('404 EntityNotExist.Role')
  })

  test('cannot be deleted while they have policies', async () => {
    await create()
    const attachment = { RoleName: 'Reader', PolicyName: 'AliyunOSSReadOnlyAccess' }
    await call('AttachPolicyToRole', { ...attachment, PolicyType: 'System' })
    expect(await outcome('DeleteRole', { RoleName: 'Reader' })).toBe(
      '409 DeleteConflict.Role.Policy',
    )
  })

  test.each([
    [{ MaxSessionDuration: '60' }, '400 InvalidParameter.MaxSessionDuration'],
    [{ AssumeRolePolicyDocument: document('sts:AssumeRole') }, '400 MalformedPolicyDocument'],
    [
      { AssumeRolePolicyDocument: trust('x').replace('"Service":["x"]', '"Other":["x"]') },
      '400 MalformedPolicyDocument',
    ],
    [
      { AssumeRolePolicyDocument: trust('x').replace('["x"]', '"x"') },
      '400 MalformedPolicyDocument',
    ],
    [
      { AssumeRolePolicyDocument: trust('x'.repeat(4096)) },
      '400 InvalidParameter.AssumeRolePolicyDocument.Length',
    ],
    [{ RoleName: 'a/b' }, '400 InvalidParameter.RoleName.InvalidChars'],
  ])('are refused for %j', async (more, expected) => {
    expect(outcomeOf(await create(more))).toBe(expected)
  })
})

describe('tags', () => {
  const role = { ResourceType: 'role', ResourceNames: '["r"]' }

  test('of roles and policies are listed plainly, set and taken away', async () => {
    await call('CreateRole', {
      RoleName: 'r',
      AssumeRolePolicyDocument: trust('ecs.aliyuncs.com'),
      'Tag.1.Key': 'a',
      'Tag.1.Value': '1',
    })
    await call('TagResources', {
      ...role,
      Tag: '[{"Key":"b","Value":"2"},{"Key":"a","Value":"3"}]',
    })
    const tag = (TagKey: string, TagValue: string) => ({
      ResourceType: 'role',
      ResourceName: 'r',
      ResourceId: expect.stringMatching(/^3\d{17}$/),
      TagKey,
      TagValue,
    })
    expect((await call('ListTagResources', role)).body.TagResources).toEqual([
      tag('a', '3'),
      tag('b', '2'),
    ])
    await call('UntagResources', { ...role, TagKeys: '["a"]', 'TagKey.1': 'a' })
    expect((await call('ListTagResources', role)).body.TagResources).toEqual([tag('b', '2')])
  })

  test('are refused for what there is not, and with reserved keys', async () => {
    expect(await outcome('ListTagResources', { ...role, ResourceNames: '["none"]' })).toBe(
      '404 EntityNotExist.Role',
    )
    expect(await outcome('ListTagResources', { ...role, ResourceNames: 'none' })).toBe(
      '400 InvalidParameter.ResourceNames',
    )
    expect(await outcome('ListTagResources', { ...role, ResourceType: 'user' })).toBe(
      '400 InvalidParameter.ResourceType',
    )
    await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust('ecs.aliyuncs.com') })
    const reserved = { ...role, Tag: '[{"Key":"acs:x","Value":""}]' }
    expect(await outcome('TagResources', reserved)).toBe('400 InvalidParameter.Tag')
    expect(await outcome('TagResources', role)).toBe('400 MissingParameter.Tag')
  })
})
