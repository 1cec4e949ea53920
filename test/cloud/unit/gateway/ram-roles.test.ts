import { describe, expect, test } from 'vitest'
import { outcomeOf, useCloud } from './api-client.ts'
import { outcome, policyDocument, ram, TRUSTS_ECS, trustDocument } from './ram-calls.ts'

useCloud()

describe('roles', () => {
  const create = (more: Record<string, string> = {}) =>
    ram('CreateRole', {
      RoleName: 'Reader',
      AssumeRolePolicyDocument: TRUSTS_ECS,
      ...more,
    })

  test('are created, shown and deleted', async () => {
    const made = await create({ MaxSessionDuration: '7200', Tag: '[{"Key":"a","Value":"b"}]' })
    const role = {
      RoleId: expect.stringMatching(/^3\d{17}$/),
      RoleName: 'Reader',
      Arn: 'acs:ram::1234567890123456:role/reader',
      Description: '',
      AssumeRolePolicyDocument: TRUSTS_ECS,
      MaxSessionDuration: 7200,
      CreateDate: '2026-11-24T12:00:00Z',
      UpdateDate: '2026-11-24T12:00:00Z',
    }
    expect(made.body.Role).toEqual(role)
    expect((await ram('GetRole', { RoleName: 'Reader' })).body.Role).toEqual(role)
    expect(outcomeOf(await create())).toBe('409 EntityAlreadyExists.Role')
    expect(await outcome('DeleteRole', { RoleName: 'Reader' })).toBe('200')
    expect(await outcome('GetRole', { RoleName: 'Reader' })).toBe('404 EntityNotExist.Role')
  })

  test('cannot be deleted while they have policies', async () => {
    await create()
    const attachment = { RoleName: 'Reader', PolicyName: 'AliyunOSSReadOnlyAccess' }
    await ram('AttachPolicyToRole', { ...attachment, PolicyType: 'System' })
    expect(await outcome('DeleteRole', { RoleName: 'Reader' })).toBe(
      '409 DeleteConflict.Role.Policy',
    )
  })

  test.each([
    [{ MaxSessionDuration: '60' }, '400 InvalidParameter.MaxSessionDuration'],
    [{ AssumeRolePolicyDocument: policyDocument('sts:AssumeRole') }, '400 MalformedPolicyDocument'],
    [
      {
        AssumeRolePolicyDocument: trustDocument({ Service: ['x'] }).replace(
          '"Service":["x"]',
          '"Other":["x"]',
        ),
      },
      '400 MalformedPolicyDocument',
    ],
    [
      { AssumeRolePolicyDocument: trustDocument({ Service: ['x'] }).replace('["x"]', '"x"') },
      '400 MalformedPolicyDocument',
    ],
    [
      { AssumeRolePolicyDocument: trustDocument({ Service: ['x'.repeat(4096)] }) },
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
    await ram('CreateRole', {
      RoleName: 'r',
      AssumeRolePolicyDocument: TRUSTS_ECS,
      'Tag.1.Key': 'a',
      'Tag.1.Value': '1',
    })
    await ram('TagResources', {
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
    expect((await ram('ListTagResources', role)).body.TagResources).toEqual([
      tag('a', '3'),
      tag('b', '2'),
    ])
    await ram('UntagResources', { ...role, TagKeys: '["a"]', 'TagKey.1': 'a' })
    expect((await ram('ListTagResources', role)).body.TagResources).toEqual([tag('b', '2')])
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
    await ram('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUSTS_ECS })
    const reserved = { ...role, Tag: '[{"Key":"acs:x","Value":""}]' }
    expect(await outcome('TagResources', reserved)).toBe('400 InvalidParameter.Tag')
    expect(await outcome('TagResources', role)).toBe('400 MissingParameter.Tag')
  })
})
