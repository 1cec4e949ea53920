import { describe, expect, test } from 'vitest'
import type { RamPolicy } from '../../../../app/oss/index.ts'
import type { SimulatedCloudOptions } from '../../control-plane/simulated-cloud.ts'
import {
  type ApiCall,
  callApi,
  clock,
  closeCloudAfterEach,
  cloud,
  outcomeOf,
  type Signer,
  startCloud,
} from './api-client.ts'
import { trustDocument } from './ram-calls.ts'

closeCloudAfterEach()

const start = (options: SimulatedCloudOptions = {}): Promise<void> =>
  startCloud({ propagationMs: 5000, ...options })

const allow = (Action: string | string[], Resource: string | string[] = '*'): RamPolicy => ({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action, Resource }],
})
const call = (action: string, parameters: Record<string, string> = {}, ask: ApiCall = {}) =>
  callApi(cloud, clock, action, { parameters, ...ask })
const outcome = async (action: string, parameters = {}, ask: ApiCall = {}) =>
  outcomeOf(await call(action, parameters, ask))
const ECS = { host: 'ecs.ap-southeast-1.aliyuncs.com', version: '2014-05-26' }
const STS = { host: 'sts.ap-southeast-1.aliyuncs.com', version: '2015-04-01' }
const account = '1234567890123456'

/** Makes a user with one policy and a key, and waits until everybody knows. */
async function makeUser(policy: RamPolicy): Promise<Signer> {
  await call('CreateUser', { UserName: 'u' })
  await call('CreatePolicy', { PolicyName: 'p', PolicyDocument: JSON.stringify(policy) })
  await call('AttachPolicyToUser', { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' })
  const { body } = await call('CreateAccessKey', { UserName: 'u' })
  const key = body.AccessKey as { AccessKeyId: string; AccessKeySecret: string }
  clock.ms += 5000
  return { accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret }
}

describe('a user with few rights', () => {
  test('is refused with the action, the resource and his own name', async () => {
    await start()
    const as = await makeUser(allow('oss:PutObject'))
    const ram = await call('ListUsers', {}, { as })
    expect([ram.status, ram.body.Code, ram.body.Message]).toEqual([
      403,
      'NoPermission',
      `You are not authorized to do this action. You should be authorized by RAM. AuthAction: ram:ListUsers, AuthResource: acs:ram:*:${account}:user/*, AuthPrincipal: acs:ram::${account}:user/u`,
    ])
    const ecs = await call('DescribeInstances', { RegionId: 'ap-southeast-1' }, { as, ...ECS })
    expect([ecs.status, ecs.body.Code]).toEqual([403, 'Forbidden.RAM'])
    expect(ecs.body.Message).toContain(
      `AuthAction: ecs:DescribeInstances, AuthResource: acs:ecs:ap-southeast-1:${account}:*, `,
    )
  })

  test('may ask who he is, and where services are', async () => {
    await start()
    const as = await makeUser(allow('oss:PutObject'))
    const { body } = await call('GetCallerIdentity', {}, { as, ...STS })
    expect(body).toEqual({
      RequestId: expect.any(String),
      AccountId: account,
      Arn: `acs:ram::${account}:user/u`,
      IdentityType: 'RAMUser',
      PrincipalId: expect.stringMatching(/^2\d{17}$/),
      UserId: body.PrincipalId,
    })
    const location = { host: 'location.aliyuncs.com', version: '2015-06-12' }
    const asked = { Id: 'ap-southeast-1', ServiceCode: 'ecs' }
    expect(await outcome('DescribeEndpoints', asked, { as, ...location })).toBe('200')
  })

  test('may do what is allowed, to what it is allowed for', async () => {
    await start()
    const as = await makeUser(allow(['ram:GetUser', 'ram:List*'], `acs:ram:*:${account}:user/u*`))
    expect(await outcome('GetUser', { UserName: 'u' }, { as })).toBe('200')
    expect(await outcome('GetUser', { UserName: 'v' }, { as })).toBe('403 NoPermission')
    expect(await outcome('ListAccessKeys', { UserName: 'u' }, { as })).toBe('200')
    expect(await outcome('DeleteUser', { UserName: 'u' }, { as })).toBe('403 NoPermission')
  })

  test('needs a permission for everything that a call is about', async () => {
    await start()
    const as = await makeUser(allow('ram:AttachPolicyToUser', `acs:ram:*:${account}:user/u`))
    const attachment = { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' }
    const { body } = await call('AttachPolicyToUser', attachment, { as })
    expect(body.Message).toContain(`AuthResource: acs:ram:*:${account}:policy/p, `)
  })

  test('needs it for everything where a call names nothing', async () => {
    await start()
    const as = await makeUser(allow('ram:ListTagResources', `acs:ram:*:${account}:role/*`))
    const named = { ResourceType: 'role', ResourceNames: '["none"]' }
    expect(await outcome('ListTagResources', named, { as })).toBe('404 EntityNotExist.Role')
    const { ResourceNames: _, ...unnamed } = named
    expect(await outcome('ListTagResources', unnamed, { as })).toBe('403 NoPermission')
  })

  test('is bound by a deny and by conditions', async () => {
    await start({ clientAddress: '198.51.100.7' })
    const as = await makeUser({
      Version: '1',
      Statement: [
        { Effect: 'Allow', Action: 'ram:*', Resource: '*' },
        { Effect: 'Deny', Action: 'ram:Delete*', Resource: '*' },
        {
          Effect: 'Deny',
          Action: 'ram:ListUsers',
          Resource: '*',
          Condition: { IpAddress: { 'acs:SourceIp': '198.51.100.0/24' } },
        },
        {
          Effect: 'Deny',
          Action: 'ram:GetUser',
          Resource: '*',
          Condition: { Bool: { 'acs:SecureTransport': 'false' } },
        },
      ],
    })
    expect(await outcome('DeleteUser', { UserName: 'u' }, { as })).toBe('403 NoPermission')
    expect(await outcome('ListUsers', {}, { as })).toBe('403 NoPermission')
    expect(await outcome('GetUser', { UserName: 'u' }, { as })).toBe('200')
  })

  test('may hand on a role only with ram:PassRole', async () => {
    await start()
    const as = await makeUser(allow('ecs:AttachInstanceRamRole'))
    const parameters = {
      RegionId: 'ap-southeast-1',
      InstanceIds: '["i-1"]',
      RamRoleName: 'reader',
    }
    const { status, body } = await call('AttachInstanceRamRole', parameters, { as, ...ECS })
    expect([status, body.Code]).toEqual([403, 'Forbidden.RAM'])
    expect(body.Message).toContain(
      `AuthAction: ram:PassRole, AuthResource: acs:ram:*:${account}:role/reader, `,
    )
  })
})

describe('what is new', () => {
  test('is known to RAM at once and elsewhere a moment later, what has ended at once', async () => {
    await start()
    await call('CreateUser', { UserName: 'u' })
    const { body } = await call('CreateAccessKey', { UserName: 'u' })
    const key = body.AccessKey as { AccessKeyId: string; AccessKeySecret: string }
    const as = { accessKeyId: key.AccessKeyId, accessKeySecret: key.AccessKeySecret }
    const who = () => outcome('GetCallerIdentity', {}, { as, ...STS })
    expect(await who()).toBe('404 InvalidAccessKeyId.NotFound')
    clock.ms += 4999
    expect(await who()).toBe('404 InvalidAccessKeyId.NotFound')
    clock.ms += 1
    expect(await who()).toBe('200')

    const attachment = { UserName: 'u', PolicyName: 'AliyunRAMFullAccess', PolicyType: 'System' }
    await call('AttachPolicyToUser', attachment)
    expect(await outcome('ListUsers', {}, { as })).toBe('403 NoPermission')
    clock.ms += 5000
    expect(await outcome('ListUsers', {}, { as })).toBe('200')
    await call('DetachPolicyFromUser', attachment)
    expect(await outcome('ListUsers', {}, { as })).toBe('403 NoPermission')

    const id = { UserName: 'u', UserAccessKeyId: as.accessKeyId }
    await call('UpdateAccessKey', { ...id, Status: 'Inactive' })
    expect(await who()).toBe('400 InvalidAccessKeyId.Inactive')
    await call('DeleteAccessKey', id)
    expect(await who()).toBe('404 InvalidAccessKeyId.NotFound')
  })

  test('the old version of a policy counts until the new one is known', async () => {
    await start()
    const as = await makeUser(allow('ram:ListUsers'))
    const PolicyDocument = JSON.stringify(allow('ram:GetUser'))
    await call('CreatePolicyVersion', { PolicyName: 'p', PolicyDocument, SetAsDefault: 'true' })
    expect(await outcome('ListUsers', {}, { as })).toBe('200')
    expect(await outcome('GetUser', { UserName: 'u' }, { as })).toBe('403 NoPermission')
    clock.ms += 5000
    expect(await outcome('ListUsers', {}, { as })).toBe('403 NoPermission')
    expect(await outcome('GetUser', { UserName: 'u' }, { as })).toBe('200')
  })
})

describe('a deployer who is a RAM user', () => {
  test('has just the policies he was given, and nothing of his is left over', async () => {
    await start({
      deployer: { userName: 'ci', policies: [allow('ram:*User'), allow('ram:List*')] },
    })
    expect(await outcome('CreateUser', { UserName: 'u' })).toBe('200')
    expect(await outcome('ListUsers')).toBe('200')
    expect(await outcome('GetUser', { UserName: 'u' })).toBe('200')
    expect(await outcome('CreateAccessKey', { UserName: 'u' })).toBe('403 NoPermission')
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('200')
    expect(await cloud.leftovers()).toEqual([])
    expect(cloud.audit.permissionsUsed('user/ci')).toEqual([
      'ram:CreateUser',
      'ram:DeleteUser',
      'ram:GetUser',
      'ram:ListUsers',
    ])
  })
})

describe('roles', () => {
  const arn = `acs:ram::${account}:role/reader`
  const session = { RoleArn: arn, RoleSessionName: 'session' }
  const trusting = { RAM: [`acs:ram::${account}:root`] }

  async function makeRole(
    principal: Parameters<typeof trustDocument>[0] = trusting,
  ): Promise<void> {
    await call('CreateRole', {
      RoleName: 'Reader',
      AssumeRolePolicyDocument: trustDocument(principal),
    })
    await call('AttachPolicyToRole', {
      RoleName: 'Reader',
      PolicyName: 'AliyunRAMFullAccess',
      PolicyType: 'System',
    })
    clock.ms += 5000
  }

  const assume = async (as: Signer, more = {}): Promise<Signer> => {
    const { body } = await call('AssumeRole', { ...session, ...more }, { as, ...STS })
    const found = body.Credentials as Record<string, string>
    return {
      accessKeyId: found.AccessKeyId ?? '',
      accessKeySecret: found.AccessKeySecret ?? '',
      securityToken: found.SecurityToken ?? '',
    }
  }

  test('are taken on by users who may, and act with what the role may do', async () => {
    await start()
    await makeRole()
    const as = await makeUser(allow('sts:AssumeRole', arn))
    const { body } = await call('AssumeRole', session, { as, ...STS })
    expect(body).toEqual({
      RequestId: expect.any(String),
      Credentials: {
        AccessKeyId: expect.stringMatching(/^STS\.N[A-Za-z0-9]{24}$/),
        AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{44}$/),
        SecurityToken: expect.stringMatching(/^CAIS/),
        Expiration: '2026-11-24T13:00:10Z',
      },
      AssumedRoleUser: {
        Arn: `${arn}/session`,
        AssumedRoleId: expect.stringMatching(/^3\d{17}:session$/),
      },
    })
    const role = await assume(as)
    expect(await outcome('ListUsers', {}, { as: role })).toBe('200')
    const identity = (await call('GetCallerIdentity', {}, { as: role, ...STS })).body
    expect(identity).toMatchObject({
      IdentityType: 'AssumedRoleUser',
      Arn: `acs:ram::${account}:assumed-role/reader/session`,
    })
    await call('DetachPolicyFromRole', {
      RoleName: 'Reader',
      PolicyName: 'AliyunRAMFullAccess',
      PolicyType: 'System',
    })
    expect(await outcome('ListUsers', {}, { as: role })).toBe('403 NoPermission')
  })

  test('end with their token', async () => {
    await start()
    await makeRole()
    const as = await makeUser(allow('sts:AssumeRole'))
    const role = await assume(as, { DurationSeconds: '900' })
    const list = (signer: Signer) => outcome('ListUsers', {}, { as: signer })
    const { securityToken: _, ...bare } = role
    expect(await list(bare)).toBe('400 MissingSecurityToken')
    expect(await list({ ...role, securityToken: 'x' })).toBe(
      '400 InvalidSecurityToken.MismatchWithAccessKey',
    )
    clock.ms += 899_999
    expect(await list(role)).toBe('200')
    clock.ms += 1
    expect(await list(role)).toBe('400 InvalidSecurityToken.Expired')
  })

  test('are refused to the account itself, to who may not, and to who is not trusted', async () => {
    await start()
    await makeRole({ Service: ['ecs.aliyuncs.com'] })
    const root = await call('AssumeRole', session, STS)
    expect([root.status, root.body.Code, root.body.Message]).toEqual([
      403,
      'NoPermission',
      'Roles may not be assumed by root accounts.',
    ])
    const as = await makeUser(allow('sts:AssumeRole'))
    expect(await outcome('AssumeRole', session, { as, ...STS })).toBe('403 NoPermission')
    await call('DetachPolicyFromRole', {
      RoleName: 'Reader',
      PolicyName: 'AliyunRAMFullAccess',
      PolicyType: 'System',
    })
    await call('DeleteRole', { RoleName: 'Reader' })
    await makeRole(trusting)
    expect(await outcome('AssumeRole', session, { as, ...STS })).toBe('200')
    const none = { ...session, RoleArn: `acs:ram::${account}:role/none` }
    expect(await outcome('AssumeRole', none, { as, ...STS })).toBe('404 EntityNotExist.Role')
    for (const DurationSeconds of ['899', '3601', 'x']) {
      expect(await outcome('AssumeRole', { ...session, DurationSeconds }, { as, ...STS })).toBe(
        '400 InvalidParameter.DurationSeconds',
      )
    }
    expect(
      await outcome('AssumeRole', { ...session, RoleSessionName: 'a/b' }, { as, ...STS }),
    ).toBe('400 InvalidParameter.RoleSessionName')
  })
})
