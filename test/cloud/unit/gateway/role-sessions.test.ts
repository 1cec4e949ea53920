import { describe, expect, test } from 'vitest'
import { clock, closeCloudAfterEach, type Signer } from './api-client.ts'
import { ACCOUNT_ID, call, makeUser, outcome, STS, startSlowCloud } from './permission-setup.ts'
import { allow, trustDocument } from './ram-calls.ts'

closeCloudAfterEach()

describe('sessions of roles', () => {
  const arn = `acs:ram::${ACCOUNT_ID}:role/reader`
  const session = { RoleArn: arn, RoleSessionName: 'session' }
  const trusting = { RAM: [`acs:ram::${ACCOUNT_ID}:root`] }

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
    await startSlowCloud()
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
      Arn: `acs:ram::${ACCOUNT_ID}:assumed-role/reader/session`,
    })
    await call('DetachPolicyFromRole', {
      RoleName: 'Reader',
      PolicyName: 'AliyunRAMFullAccess',
      PolicyType: 'System',
    })
    expect(await outcome('ListUsers', {}, { as: role })).toBe('403 NoPermission')
  })

  test('end with their token', async () => {
    await startSlowCloud()
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
    await startSlowCloud()
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
    const none = { ...session, RoleArn: `acs:ram::${ACCOUNT_ID}:role/none` }
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
