import { describe, expect, test } from 'vitest'
import { clock, closeCloudAfterEach, cloud } from './api-client.ts'
import { ACCOUNT_ID, call, makeUser, outcome, STS, startSlowCloud } from './permission-setup.ts'
import { allow } from './ram-calls.ts'

const ECS = { host: 'ecs.ap-southeast-1.aliyuncs.com', version: '2014-05-26' }

closeCloudAfterEach()

describe('a user with few rights', () => {
  test('is refused with the action, the resource and his own name', async () => {
    await startSlowCloud()
    const as = await makeUser(allow('oss:PutObject'))
    const ram = await call('ListUsers', {}, { as })
    expect([ram.status, ram.body.Code, ram.body.Message]).toEqual([
      403,
      'NoPermission',
      `You are not authorized to do this action. You should be authorized by RAM. AuthAction: ram:ListUsers, AuthResource: acs:ram:*:${ACCOUNT_ID}:user/*, AuthPrincipal: acs:ram::${ACCOUNT_ID}:user/u`,
    ])
    const ecs = await call('DescribeInstances', { RegionId: 'ap-southeast-1' }, { as, ...ECS })
    expect([ecs.status, ecs.body.Code]).toEqual([403, 'Forbidden.RAM'])
    expect(ecs.body.Message).toContain(
      `AuthAction: ecs:DescribeInstances, AuthResource: acs:ecs:ap-southeast-1:${ACCOUNT_ID}:*, `,
    )
  })

  test('may ask who he is, and where services are', async () => {
    await startSlowCloud()
    const as = await makeUser(allow('oss:PutObject'))
    const { body } = await call('GetCallerIdentity', {}, { as, ...STS })
    expect(body).toEqual({
      RequestId: expect.any(String),
      AccountId: ACCOUNT_ID,
      Arn: `acs:ram::${ACCOUNT_ID}:user/u`,
      IdentityType: 'RAMUser',
      PrincipalId: expect.stringMatching(/^2\d{17}$/),
      UserId: body.PrincipalId,
    })
    const location = { host: 'location.aliyuncs.com', version: '2015-06-12' }
    const asked = { Id: 'ap-southeast-1', ServiceCode: 'ecs' }
    expect(await outcome('DescribeEndpoints', asked, { as, ...location })).toBe('200')
  })

  test('may do what is allowed, to what it is allowed for', async () => {
    await startSlowCloud()
    const as = await makeUser(
      allow(['ram:GetUser', 'ram:List*'], `acs:ram:*:${ACCOUNT_ID}:user/u*`),
    )
    expect(await outcome('GetUser', { UserName: 'u' }, { as })).toBe('200')
    expect(await outcome('GetUser', { UserName: 'v' }, { as })).toBe('403 NoPermission')
    expect(await outcome('ListAccessKeys', { UserName: 'u' }, { as })).toBe('200')
    expect(await outcome('DeleteUser', { UserName: 'u' }, { as })).toBe('403 NoPermission')
  })

  test('needs a permission for everything that a call is about', async () => {
    await startSlowCloud()
    const as = await makeUser(allow('ram:AttachPolicyToUser', `acs:ram:*:${ACCOUNT_ID}:user/u`))
    const attachment = { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' }
    const { body } = await call('AttachPolicyToUser', attachment, { as })
    expect(body.Message).toContain(`AuthResource: acs:ram:*:${ACCOUNT_ID}:policy/p, `)
  })

  test('needs it for everything where a call names nothing', async () => {
    await startSlowCloud()
    const as = await makeUser(allow('ram:ListTagResources', `acs:ram:*:${ACCOUNT_ID}:role/*`))
    const named = { ResourceType: 'role', ResourceNames: '["none"]' }
    expect(await outcome('ListTagResources', named, { as })).toBe('404 EntityNotExist.Role')
    const { ResourceNames: _, ...unnamed } = named
    expect(await outcome('ListTagResources', unnamed, { as })).toBe('403 NoPermission')
  })

  test('is bound by a deny and by conditions', async () => {
    await startSlowCloud({ clientAddress: '198.51.100.7' })
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
    await startSlowCloud()
    const as = await makeUser(allow('ecs:AttachInstanceRamRole'))
    const parameters = {
      RegionId: 'ap-southeast-1',
      InstanceIds: '["i-1"]',
      RamRoleName: 'reader',
    }
    const { status, body } = await call('AttachInstanceRamRole', parameters, { as, ...ECS })
    expect([status, body.Code]).toEqual([403, 'Forbidden.RAM'])
    expect(body.Message).toContain(
      `AuthAction: ram:PassRole, AuthResource: acs:ram:*:${ACCOUNT_ID}:role/reader, `,
    )
  })
})

describe('what is new', () => {
  test('is known to RAM at once and elsewhere a moment later, what has ended at once', async () => {
    await startSlowCloud()
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
    await startSlowCloud()
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
    await startSlowCloud({
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
