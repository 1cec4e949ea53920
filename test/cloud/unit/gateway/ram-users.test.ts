import { beforeEach, describe, expect, test } from 'vitest'
import { clock, cloud, startCloud, useCloud } from './api-client.ts'
import { outcome, policyDocument, ram, TRUSTS_ECS } from './ram-calls.ts'

useCloud()

describe('users', () => {
  test('are created, shown and deleted', async () => {
    const made = await ram('CreateUser', { UserName: 'uploader', Comments: 'for the page' })
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
    expect((await ram('GetUser', { UserName: 'uploader' })).body.User).toEqual(user)
    expect(await outcome('CreateUser', { UserName: 'uploader' })).toBe(
      '409 EntityAlreadyExists.User',
    )
    expect(await outcome('DeleteUser', { UserName: 'uploader' })).toBe('200')
    expect(await outcome('GetUser', { UserName: 'uploader' })).toBe('404 EntityNotExist.User')
    expect(await outcome('DeleteUser', { UserName: 'uploader' })).toBe('404 EntityNotExist.User')
  })

  test('are found by AttachPolicyToUser and CreateAccessKey only after a while', async () => {
    await cloud.close()
    await startCloud({ userLagMs: 1000 })
    await ram('CreateUser', { UserName: 'u' })
    await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:*') })
    const attach = () =>
      outcome('AttachPolicyToUser', { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' })
    const createKey = () => outcome('CreateAccessKey', { UserName: 'u' })
    expect(await attach()).toBe('404 EntityNotExist.User')
    expect(await createKey()).toBe('404 EntityNotExist.User')
    expect(await outcome('GetUser', { UserName: 'u' })).toBe('200')
    clock.ms += 1000
    expect([await attach(), await createKey()]).toEqual(['200', '200'])
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
    for (const name of ['c', 'a', 'b']) await ram('CreateUser', { UserName: name })
    const names = ({ body }: Awaited<ReturnType<typeof ram>>): string[] =>
      (body.Users as { User: { UserName: string }[] }).User.map(({ UserName }) => UserName)
    const first = await ram('ListUsers', { MaxItems: '2' })
    expect([names(first), first.body.IsTruncated, first.body.Marker]).toEqual([
      ['a', 'b'],
      true,
      'b',
    ])
    const second = await ram('ListUsers', { MaxItems: '2', Marker: 'b' })
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
    await ram('CreateUser', { UserName: 'u' })
    await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:PutObject') })
    const attachment = { UserName: 'u', PolicyName: 'p', PolicyType: 'Custom' }
    await ram('AttachPolicyToUser', attachment)
    const { body } = await ram('CreateAccessKey', { UserName: 'u' })
    const { AccessKeyId } = body.AccessKey as { AccessKeyId: string }
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('409 DeleteConflict.User.AccessKey')
    await ram('DeleteAccessKey', { UserName: 'u', UserAccessKeyId: AccessKeyId })
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('409 DeleteConflict.User.Policy')
    await ram('DetachPolicyFromUser', attachment)
    expect(await outcome('DeleteUser', { UserName: 'u' })).toBe('200')
  })

  test('have no login, no second factor and no groups', async () => {
    await ram('CreateUser', { UserName: 'u' })
    const user = { UserName: 'u' }
    expect(await outcome('DeleteLoginProfile', user)).toBe('404 EntityNotExist.User.LoginProfile')
    expect(await outcome('UnbindMFADevice', user)).toBe('404 EntityNotExist.User.MFADevice')
    expect((await ram('ListGroupsForUser', user)).body.Groups).toEqual({ Group: [] })
  })
})

describe('access keys', () => {
  const user = { UserName: 'u' }

  beforeEach(() => ram('CreateUser', user))

  test('are two at the most, their secret told once', async () => {
    const one = (await ram('CreateAccessKey', user)).body.AccessKey as Record<string, string>
    expect(one).toEqual({
      AccessKeyId: expect.stringMatching(/^LTAI5t[A-Za-z0-9]{18}$/),
      AccessKeySecret: expect.stringMatching(/^[A-Za-z0-9]{30}$/),
      Status: 'Active',
      CreateDate: '2026-11-24T12:00:00Z',
    })
    await ram('CreateAccessKey', user)
    expect(await outcome('CreateAccessKey', user)).toBe('409 LimitExceeded.User.AccessKey')
    const { AccessKeySecret: _, ...shown } = one
    const listed = (await ram('ListAccessKeys', user)).body.AccessKeys
    expect(listed).toEqual({ AccessKey: [shown, expect.objectContaining({ Status: 'Active' })] })
    const key = { ...user, UserAccessKeyId: one.AccessKeyId ?? '' }
    expect(await outcome('UpdateAccessKey', { ...key, Status: 'Off' })).toBe(
      '400 InvalidParameter.Status',
    )
    expect(await outcome('UpdateAccessKey', { ...key, Status: 'Inactive' })).toBe('200')
    expect((await ram('ListAccessKeys', user)).body.AccessKeys).toEqual({
      AccessKey: [{ ...shown, Status: 'Inactive' }, expect.anything()],
    })
    expect(await outcome('DeleteAccessKey', key)).toBe('200')
    expect(await outcome('DeleteAccessKey', key)).toBe('404 EntityNotExist.User.AccessKey')
    expect(await outcome('CreateAccessKey', user)).toBe('200')
  })

  test("without a name are the caller's own", async () => {
    const { body } = await ram('ListAccessKeys', { UserName: '' })
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

test('what is left is told, and nothing once all is deleted', async () => {
  await ram('CreateUser', { UserName: 'u' })
  const { body } = await ram('CreateAccessKey', { UserName: 'u' })
  const { AccessKeyId } = body.AccessKey as { AccessKeyId: string }
  await ram('CreatePolicy', { PolicyName: 'p', PolicyDocument: policyDocument('oss:PutObject') })
  await ram('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: TRUSTS_ECS })
  expect(await cloud.leftovers()).toEqual([
    'RAM user u',
    `RAM access key ${AccessKeyId} of u`,
    'RAM role r',
    'RAM policy p',
  ])
  await ram('DeleteAccessKey', { UserName: 'u', UserAccessKeyId: AccessKeyId })
  await ram('DeleteUser', { UserName: 'u' })
  await ram('DeletePolicy', { PolicyName: 'p' })
  await ram('DeleteRole', { RoleName: 'r' })
  expect(await cloud.leftovers()).toEqual([])
})
