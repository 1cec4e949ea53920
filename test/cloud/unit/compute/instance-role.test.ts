import { beforeEach, expect, test } from 'vitest'
import { account, part, runServer, useNetwork } from './account.ts'

let server: string
let InstanceIds: string

useNetwork({ existingRoles: ['other-role'] })

beforeEach(async () => {
  server = await runServer()
  InstanceIds = JSON.stringify([server])
})

const RamRoleName = 'server-role'

async function shown(parameters: Record<string, string>): Promise<unknown> {
  const answer = account.ecs('DescribeInstanceRamRole', parameters)
  return part(answer, 'InstanceRamRoleSets', 'InstanceRamRoleSet')
}

test('a server has no role until it is given one, and loses it again', async () => {
  expect(await account.ecs('DescribeInstanceRamRole', { InstanceIds })).toEqual({
    RegionId: 'ap-southeast-1',
    TotalCount: 0,
    InstanceRamRoleSets: { InstanceRamRoleSet: [] },
  })
  expect(account.compute.instanceRole(server)).toBeUndefined()
  expect(await account.ecs('AttachInstanceRamRole', { InstanceIds, RamRoleName })).toEqual({
    RamRoleName,
    TotalCount: 1,
    FailCount: 0,
    AttachInstanceRamRoleResults: {
      AttachInstanceRamRoleResult: [
        { InstanceId: server, Success: true, Code: '200', Message: 'success' },
      ],
    },
  })
  expect(account.compute.instanceRole(server)).toBe(RamRoleName)
  const one = [{ InstanceId: server, RamRoleName }]
  expect(await shown({ InstanceIds })).toEqual(one)
  expect(await shown({ InstanceIds, RamRoleName })).toEqual(one)
  expect(await shown({ InstanceIds, RamRoleName: 'other-role' })).toEqual([])
  expect(await account.ecs('DetachInstanceRamRole', { InstanceIds, RamRoleName })).toEqual({
    RamRoleName,
    TotalCount: 1,
    FailCount: 0,
    DetachInstanceRamRoleResults: {
      DetachInstanceRamRoleResult: [
        { InstanceId: server, Success: true, Code: '200', Message: 'success' },
      ],
    },
  })
  expect(await shown({ InstanceIds })).toEqual([])
  expect(account.compute.instanceRole(server)).toBeUndefined()
})

test('a role is detached by its name only', async () => {
  await account.ecs('AttachInstanceRamRole', { InstanceIds, RamRoleName })
  const other = { InstanceIds, RamRoleName: 'other-role' }
  expect(await account.ecs('DetachInstanceRamRole', other)).toMatchObject({
    FailCount: 1,
    DetachInstanceRamRoleResults: {
      DetachInstanceRamRoleResult: [{ Success: false, Code: 'InvalidRamRole.NotFound' }],
    },
  })
  expect(account.compute.instanceRole(server)).toBe(RamRoleName)
})

test.each([
  [
    { RamRoleName: 'no-role' },
    '404 InvalidRamRole.NotFound: The specified RAMRoleName does not exist.',
  ],
  [
    { RamRoleName: 'other-role' },
    '404 InvalidRamRole.NotEcsRole: The specified ram role is not authorized for ecs, please check your role policy.',
  ],
  [
    { InstanceIds: '["i-none"]' },
    '404 InvalidInstanceId.NotFound: The specified InstanceId does not exist.',
  ],
  [
    { InstanceIds: 'i-none' },
    '400 InvalidInstanceIds.Malformed: The specified instanceIds are not valid.',
  ],
  [
    { InstanceIds: '[]' },
    '400 InvalidInstanceIds.Malformed: The specified instanceIds are not valid.',
  ],
])('AttachInstanceRamRole refuses %o', async (parameters, refusal) => {
  const attach = { InstanceIds, RamRoleName, ...parameters }
  expect(await account.ecs('AttachInstanceRamRole', attach)).toBe(refusal)
  expect(account.compute.instanceRole(server)).toBeUndefined()
})

test('a server that is being released takes no role', async () => {
  await account.ecs('DeleteInstance', { InstanceId: server, Force: 'true' })
  expect(await account.ecs('AttachInstanceRamRole', { InstanceIds, RamRoleName })).toBe(
    '404 InvalidInstanceId.NotFound: The specified InstanceId does not exist.',
  )
})
