import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  type SimulatedCloud,
  startSimulatedCloud,
} from '../../../cloud/control-plane/simulated-cloud.ts'
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

describe('users', () => {
  test('are made, told, renamed and deleted', async () => {
    const made = await call('CreateUser', { UserName: 'uploader', Comments: 'for the page' })
    const user = {
      UserId: expect.stringMatching(/^2\d{17}$/),
      UserName: 'uploader',
      DisplayName: '',
      MobilePhone: '',
      Email: '',
      Comments: 'for the page',
      CreateDate: '2026-11-24T12:00:00Z',
      UpdateDate: '2026-11-24T12:00:00Z',
    }
    expect(made.body).toEqual({ RequestId: expect.any(String), User: user })
    expect((await call('GetUser', { UserName: 'uploader' })).body.User).toEqual(user)
    expect(await outcome('CreateUser', { UserName: 'uploader' })).toBe(
      '409 EntityAlreadyExists.User',
    )
    clock.ms += 60_000
    const changed = await call('UpdateUser', {
      UserName: 'uploader',
      NewUserName: 'sender',
      NewComments: '',
    })
    expect(changed.body.User).toEqual({
      ...user,
      UserName: 'sender',
      Comments: '',
      UpdateDate: '2026-11-24T12:01:00Z',
    })
    expect(await outcome('GetUser', { UserName: 'uploader' })).toBe('404 EntityNotExist.User')
    expect(await outcome('DeleteUser', { UserName: 'sender' })).toBe('200')
    expect(await outcome('DeleteUser', { UserName: 'sender' })).toBe('404 EntityNotExist.User')
  })

  test('have names of 1 to 64 letters, digits and . _ - @', async () => {
    expect(await outcome('CreateUser', { UserName: 'a b' })).toBe(
      '400 InvalidParameter.UserName.InvalidChars',
    )
    expect(await outcome('CreateUser', { UserName: 'a'.repeat(65) })).toBe(
      '400 InvalidParameter.UserName.Length',
    )
    expect(await outcome('CreateUser', { UserName: 'a', Comments: 'x'.repeat(129) })).toBe(
      '400 InvalidParameter.Comments.Length',
    )
    expect(await outcome('CreateUser', { UserName: 'a'.repeat(64) })).toBe('200')
  })

  test('are listed in pages', async () => {
    for (const name of ['c', 'a', 'b']) await call('CreateUser', { UserName: name })
    const names = ({ body }: Awaited<ReturnType<typeof call>>): string[] =>
      (body.Users as { User: { UserName: string }[] }).User.map(({ UserName }) => UserName)
    const first = await call('ListUsers', { MaxItems: '2' })
    expect([names(first), first.body.IsTruncated, first.body.Marker]).toEqual([
      ['a', 'b'],
      true,
      'b',
    ])
    const second = await call('ListUsers', { MaxItems: '2', Marker: 'b' })
    expect([names(second), second.body.IsTruncated, second.body.Marker]).toEqual([
      ['c'],
      false,
      undefined,
    ])
    expect(await outcome('ListUsers', { MaxItems: '1001' })).toBe(
      '400 InvalidParameter.MaxItems.Range',
    )
  })

  test('cannot be deleted while they have keys or policies', async () => {
    await call('CreateUser', { UserName: 'u' })
    await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document('oss:PutObject') })
    const attachment = { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' }
    await call('AttachPolicyToUser', attachment)
    const { body } = await call('CreateAccessKey', { UserName: 'u' })
    const { AccessKeyId } = body.AccessKey as { AccessKeyId: string }
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('409 DeleteConflict.User.AccessKey')
    await call('DeleteAccessKey', { UserName: 'u', UserAccessKeyId: AccessKeyId })
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('409 DeleteConflict.User.Policy')
    await call('DetachPolicyFromUser', attachment)
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('200')
  })

  test('have no login, no second factor and no groups', async () => {
    await call('CreateUser', { UserName: 'u' })
    const user = { UserName: 'u' }
    expect(await outcome('DeleteLoginProfile', user)).toBe('404 EntityNotExist.User.LoginProfile')
    expect(await outcome('UnbindMFADevice', user)).toBe('404 EntityNotExist.User.MFADevice')
    expect((await call('ListGroupsForUser', user)).body.Groups).toEqual({ Group: [] })
  })
})

describe('access keys', () => {
  const user = { UserName: 'u' }

  beforeEach(() => call('CreateUser', user))

  test('are two at the most, their secret told once', async () => {
    const one = (await call('CreateAccessKey', user)).body.AccessKey as Record<string, string>
    expect(one).toEqual({
      AccessKeyId: expect.stringMatching(/^LTAI5t[A-Za-z0-9]{18}$/),
      AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      Status: 'Active',
      CreateDate: '2026-11-24T12:00:00Z',
    })
    await call('CreateAccessKey', user)
    expect(await outcome('CreateAccessKey', user)).toBe('409 LimitExceeded.User.AccessKey')
    const { AccessKeySecret: _, ...shown } = one
    const listed = (await call('ListAccessKeys', user)).body.AccessKeys
    expect(listed).toEqual({ AccessKey: [shown, expect.objectContaining({ Status: 'Active' })] })
    const key = { ...user, UserAccessKeyId: one.AccessKeyId ?? '' }
    expect(await outcome('UpdateAccessKey', { ...key, Status: 'Off' })).toBe(
      '400 InvalidParameter.Status',
    )
    expect(await outcome('UpdateAccessKey', { ...key, Status: 'Inactive' })).toBe('200')
    expect((await call('ListAccessKeys', user)).body.AccessKeys).toEqual({
      AccessKey: [{ ...shown, Status: 'Inactive' }, expect.anything()],
    })
    expect(await outcome('DeleteAccessKey', key)).toBe('200')
    expect(await outcome('DeleteAccessKey', key)).toBe('404 EntityNotExist.User.AccessKey')
    expect(await outcome('CreateAccessKey', user)).toBe('200')
  })

  test("without a name are the caller's own", async () => {
    const { body } = await call('ListAccessKeys', { UserName: '' })
    expect(body.AccessKeys).toEqual({
      AccessKey: [
        expect.objectContaining({ AccessKeyId: cloud.deployer.accessKeyId, Status: 'Active' }),
      ],
    })
  })

  test('are those of a user that there is', async () => {
    for (const action of ['CreateAccessKey', 'ListAccessKeys']) {
      expect(await outcome(action, { UserName: 'none' })).toBe('404 EntityNotExist.User')
    }
  })
})

describe('policies', () => {
  const policy = { PolicyName: 'p', PolicyType: 'Custom' }

  test('are made, told with their default version, and deleted', async () => {
    const PolicyDocument = document('oss:PutObject')
    const made = await call('CreatePolicy', {
      PolicyName: 'p',
      PolicyDocument,
      Description: 'uploads',
      Tag: '[{"Key":"a","Value":"b"}]',
    })
    const shown = {
      ...policy,
      Description: 'uploads',
      DefaultVersion: 'v1',
      CreateDate: '2026-11-24T12:00:00Z',
      UpdateDate: '2026-11-24T12:00:00Z',
    }
    expect(made.body.Policy).toEqual(shown)
    const { body } = await call('GetPolicy', policy)
    expect(body).toEqual({
      RequestId: expect.any(String),
      Policy: { ...shown, AttachmentCount: 0 },
      DefaultPolicyVersion: {
        VersionId: 'v1',
        IsDefaultVersion: true,
        PolicyDocument,
        CreateDate: '2026-11-24T12:00:00Z',
      },
    })
    expect(await outcome('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toBe(
      '409 EntityAlreadyExists.Policy',
    )
    expect(await outcome('DeletePolicy', { PolicyName: 'p' })).toBe('200')
    expect(await outcome('GetPolicy', policy)).toBe('404 EntityNotExist.Policy')
    expect(await outcome('DeletePolicy', { PolicyName: 'p' })).toBe('404 EntityNotExist.Policy')
  })

  test.each([
    ['{', "Expected property name or '}' in JSON at position 1 (line 1 column 2)"],
    ['{"Version":"2"}', 'The Version of a policy must be "1"'],
    ['{"Version":"1","Statement":[]}', 'A policy needs a list of statements'],
    ['{"Version":"1","Statement":[{"Effect":"Maybe"}]}', 'Effect must be Allow or Deny'],
    [
      '{"Version":"1","Statement":[{"Effect":"Allow","Action":"a"}]}',
      'A statement needs an Action and a Resource, each a text or a list of texts',
    ],
  ])('%s is none', async (PolicyDocument, message) => {
    const { status, body } = await call('CreatePolicy', { PolicyName: 'p', PolicyDocument })
    expect([status, body.Code, body.Message]).toEqual([400, 'MalformedPolicyDocument', message])
  })

  test('have at most 6144 characters', async () => {
    const PolicyDocument = document('x'.repeat(6144))
    expect(await outcome('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toBe(
      '400 InvalidParameter.PolicyDocument.Length',
    )
  })

  test('have five versions, the oldest giving way where that is asked for', async () => {
    await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document('oss:A1') })
    const add = (number: number, more: Record<string, string> = {}) =>
      call('CreatePolicyVersion', {
        PolicyName: 'p',
        PolicyDocument: document(`oss:A${number}`),
        SetAsDefault: 'true',
        ...more,
      })
    for (const number of [2, 3, 4, 5]) expect((await add(number)).status).toBe(200)
    expect(outcomeOf(await add(6))).toBe('409 LimitExceeded.Policy.Version')
    expect(outcomeOf(await add(6, { RotateStrategy: 'Sometimes' }))).toBe(
      '400 InvalidParameter.RotateStrategy',
    )
    const RotateStrategy = 'DeleteOldestNonDefaultVersionWhenLimitExceeded'
    expect((await add(6, { RotateStrategy })).body.PolicyVersion).toEqual({
      VersionId: 'v6',
      IsDefaultVersion: true,
      PolicyDocument: document('oss:A6'),
      CreateDate: '2026-11-24T12:00:00Z',
    })
    const { body } = await call('ListPolicyVersions', policy)
    const versions = (body.PolicyVersions as { PolicyVersion: { VersionId: string }[] })
      .PolicyVersion
    expect(versions.map(({ VersionId }) => VersionId)).toEqual(['v2', 'v3', 'v4', 'v5', 'v6'])
    const version = { PolicyName: 'p', VersionId: 'v6' }
    expect(await outcome('DeletePolicyVersion', version)).toBe(
      '409 DeleteConflict.PolicyVersion.Default',
    )
    await call('SetDefaultPolicyVersion', { PolicyName: 'p', VersionId: 'v3' })
    expect(await outcome('DeletePolicyVersion', version)).toBe('200')
    expect((await call('GetPolicy', policy)).body.Policy).toMatchObject({ DefaultVersion: 'v3' })
    expect(await outcome('DeletePolicy', { PolicyName: 'p' })).toBe(
      '409 DeleteConflict.Policy.Version',
    )
    expect(await outcome('DeletePolicy', { PolicyName: 'p', CascadingDelete: 'true' })).toBe('200')
  })

  test('cannot be deleted while somebody has them', async () => {
    await call('CreateUser', { UserName: 'u' })
    await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust('ecs.aliyuncs.com') })
    await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document('oss:PutObject') })
    await call('AttachPolicyToUser', { ...policy, UserName: 'u' })
    await call('AttachPolicyToRole', { ...policy, RoleName: 'r' })
    expect((await call('GetPolicy', policy)).body.Policy).toMatchObject({ AttachmentCount: 2 })
    const { body } = await call('ListEntitiesForPolicy', policy)
    expect(body).toMatchObject({
      Users: { User: [{ UserName: 'u' }] },
      Groups: { Group: [] },
      Roles: { Role: [{ RoleName: 'r' }] },
    })
    const remove = { PolicyName: 'p', CascadingDelete: 'true' }
    expect(await outcome('DeletePolicy', remove)).toBe('409 DeleteConflict.Policy.User')
    await call('DetachPolicyFromUser', { ...policy, UserName: 'u' })
    expect(await outcome('DeletePolicy', remove)).toBe('409 DeleteConflict.Policy.Role')
    await call('DetachPolicyFromRole', { ...policy, RoleName: 'r' })
    expect(await outcome('DeletePolicy', remove)).toBe('200')
  })

  test('of the system are there, and nobody changes them', async () => {
    const system = { PolicyName: 'AliyunOSSFullAccess', PolicyType: 'System' }
    const { body } = await call('GetPolicy', system)
    expect(body.DefaultPolicyVersion).toMatchObject({
      PolicyDocument:
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:*"],"Resource":"*"}]}',
    })
    expect(await outcome('DeletePolicy', { PolicyName: system.PolicyName })).toBe(
      '404 EntityNotExist.Policy',
    )
    expect(await outcome('GetPolicy', { ...system, PolicyType: 'Other' })).toBe(
      '400 InvalidParameter.PolicyType',
    )
  })
})

describe('attachments', () => {
  const attachment = { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' }

  test('are made once, listed, and taken back once', async () => {
    expect(await outcome('AttachPolicyToUser', attachment)).toBe('404 EntityNotExist.User')
    await call('CreateUser', { UserName: 'u' })
    expect(await outcome('AttachPolicyToUser', attachment)).toBe('404 EntityNotExist.Policy')
    await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document('oss:PutObject') })
    expect(await outcome('AttachPolicyToUser', attachment)).toBe('200')
    expect(await outcome('AttachPolicyToUser', attachment)).toBe(
      '409 EntityAlreadyExists.User.Policy',
    )
    expect((await call('ListPoliciesForUser', { UserName: 'u' })).body.Policies).toEqual({
      Policy: [
        {
          PolicyName: 'p',
          PolicyType: 'Custom',
          Description: '',
          DefaultVersion: 'v1',
          AttachDate: '2026-11-24T12:00:00Z',
        },
      ],
    })
    expect(await outcome('DetachPolicyFromUser', attachment)).toBe('200')
    expect(await outcome('DetachPolicyFromUser', attachment)).toBe('404 EntityNotExist.User.Policy')
  })
})

describe('roles', () => {
  const create = (more: Record<string, string> = {}) =>
    call('CreateRole', {
      RoleName: 'Reader',
      AssumeRolePolicyDocument: trust('ecs.aliyuncs.com'),
      ...more,
    })

  test('are made, told, changed and deleted', async () => {
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
    const document = trust('fc.aliyuncs.com')
    const changed = await call('UpdateRole', {
      RoleName: 'Reader',
      NewAssumeRolePolicyDocument: document,
      NewDescription: 'reads',
    })
    expect(changed.body.Role).toEqual({
      ...role,
      AssumeRolePolicyDocument: document,
      Description: 'reads',
    })
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

test('what is left is told, and nothing once all is deleted', async () => {
  await call('CreateUser', { UserName: 'u' })
  const { body } = await call('CreateAccessKey', { UserName: 'u' })
  const { AccessKeyId } = body.AccessKey as { AccessKeyId: string }
  await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: document('oss:PutObject') })
  await call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust('ecs.aliyuncs.com') })
  expect(await cloud.leftovers()).toEqual([
    'RAM user u',
    `RAM access key ${AccessKeyId} of u`,
    'RAM role r',
    'RAM policy p',
  ])
  await call('DeleteAccessKey', { UserName: 'u', UserAccessKeyId: AccessKeyId })
  await call('DeleteUser', { UserName: 'u' })
  await call('DeletePolicy', { PolicyName: 'p' })
  await call('DeleteRole', { RoleName: 'r' })
  expect(await cloud.leftovers()).toEqual([])
})
