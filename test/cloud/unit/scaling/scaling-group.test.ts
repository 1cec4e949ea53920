import { expect, test } from 'vitest'
import { account, part, pass, REGION } from '../compute/account.ts'
import { fleet, memberIds, membersOf, runGroup, useFleet } from './fleet.ts'

useFleet()

test('a group makes its least number of instances, one in each zone, and serves with them', async () => {
  const groupId = await runGroup([2, 3])
  expect(await membersOf(groupId)).toEqual([])
  await pass(1200)
  expect(await membersOf(groupId)).toEqual(['Pending Healthy', 'Pending Healthy'])
  await pass(5000)
  expect(await membersOf(groupId)).toEqual(['InService Healthy', 'InService Healthy'])
  const ids = await memberIds(groupId)
  expect(account.hardwareCalls).toEqual(ids.map((id) => `start ${id}`))
  expect(ids.map((id) => account.compute.describeMachine(id)?.zoneId).sort()).toEqual([
    `${REGION}b`,
    `${REGION}c`,
  ])
  expect(account.compute.describeMachine(ids[0] ?? '')).toMatchObject({
    userData: '#cloud-config\n',
    ramRoleName: 'server-role',
    securityGroupIds: [fleet.securityGroupId],
  })
  const { ServerGroupId } = { ServerGroupId: fleet.serverGroupId }
  const servers = await part(account.alb('ListServerGroupServers', { ServerGroupId }), 'Servers')
  expect(servers).toMatchObject(
    ids.map((ServerId) => ({ ServerId, Port: 80, Weight: 100, Status: 'Available' })),
  )
})

test('a group that is deleted by force leaves nothing', async () => {
  const ScalingGroupId = await runGroup([2, 3])
  await pass()
  expect(await account.ess('DeleteScalingGroup', { ScalingGroupId })).toBe(
    '400 InstanceInUse: You cannot delete a scaling configuration or scaling group while there is an instance associated with it.',
  )
  expect(await account.ess('DeleteScalingGroup', { ScalingGroupId, ForceDelete: 'true' })).toEqual(
    {},
  )
  await pass()
  const left = account.compute.leftovers()
  expect(left.filter((line) => /instance|scaling/.test(line))).toEqual([])
  expect(account.compute.faults()).toEqual([])
})
