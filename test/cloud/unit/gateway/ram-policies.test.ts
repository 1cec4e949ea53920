import { describe, expect, test } from 'vitest'
import { cloud, outcomeOf, useCloud } from './api-client.ts'
import { outcome, policyDocument, ram, TRUSTS_ECS } from './ram-calls.ts'

useCloud()

describe('policies', () => {
  const policy = { PolicyName: 'p', PolicyType: 'Custom' }

  test('are made, told with their default version, and deleted', async () => {
    const PolicyDocument = policyDocument('oss:PutObject')
    const made = await ram('CreatePolicy', {
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
    const { body } = await ram('GetPolicy', policy)
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
      'A statement needs an Action and a Resource, each a string or a list of strings',
    ],
  ])('%s is none', async (PolicyDocument, message) => {
    const { status, body } = await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument })
    expect([status, body.Code, body.Message]).toEqual([400, 'MalformedPolicyDocument', message])
  })

  test('have at most 6144 characters', async () => {
    const PolicyDocument = policyDocument('x'.repeat(6144))
    expect(await outcome('CreatePolicy', { PolicyName: 'p', PolicyDocument })).toBe(
      '400 InvalidParameter.PolicyDocument.Length',
    )
  })

  test('have five versions, the oldest giving way where that is asked for', async () => {
    await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:A1') })
    const versionIds = () =>
      cloud.account.directory.customPolicies.get('p')?.versions.map(({ versionId }) => versionId)
    const add = (number: number, more: Record<string, string> = {}) =>
      ram('CreatePolicyVersion', {
        PolicyName: 'p',
        PolicyDocument: policyDocument(`oss:A${number}`),
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
      PolicyDocument: policyDocument('oss:A6'),
      CreateDate: '2026-11-24T12:00:00Z',
    })
    expect(versionIds()).toEqual(['v2', 'v3', 'v4', 'v5', 'v6'])
    expect((await ram('GetPolicy', policy)).body.Policy).toMatchObject({ DefaultVersion: 'v6' })
    expect(await outcome('DeletePolicy', { PolicyName: 'p' })).toBe(
      '409 DeleteConflict.Policy.Version',
    )
    expect(await outcome('DeletePolicy', { PolicyName: 'p', CascadingDelete: 'true' })).toBe('200')
  })

  test('cannot be deleted while somebody has them', async () => {
    await ram('CreateUser', { UserName: 'u' })
    await ram('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUSTS_ECS })
    await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:PutObject') })
    await ram('AttachPolicyToUser', { ...policy, UserName: 'u' })
    await ram('AttachPolicyToRole', { ...policy, RoleName: 'r' })
    expect((await ram('GetPolicy', policy)).body.Policy).toMatchObject({ AttachmentCount: 2 })
    const remove = { PolicyName: 'p', CascadingDelete: 'true' }
    expect(await outcome('DeletePolicy', remove)).toBe('409 DeleteConflict.Policy.User')
    await ram('DetachPolicyFromUser', { ...policy, UserName: 'u' })
    expect(await outcome('DeletePolicy', remove)).toBe('409 DeleteConflict.Role.Policy')
    await ram('DetachPolicyFromRole', { ...policy, RoleName: 'r' })
    expect(await outcome('DeletePolicy', remove)).toBe('200')
  })

  test('of the system are there, and nobody changes them', async () => {
    const system = { PolicyName: 'AliyunOSSFullAccess', PolicyType: 'System' }
    const { body } = await ram('GetPolicy', system)
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
    await ram('CreateUser', { UserName: 'u' })
    expect(await outcome('AttachPolicyToUser', attachment)).toBe('404 EntityNotExist.Policy')
    await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:PutObject') })
    expect(await outcome('AttachPolicyToUser', attachment)).toBe('200')
    expect(await outcome('AttachPolicyToUser', attachment)).toBe(
      '409 EntityAlreadyExists.User.Policy',
    )
    expect((await ram('ListPoliciesForUser', { UserName: 'u' })).body.Policies).toEqual({
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
