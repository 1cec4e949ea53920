import { expect, test } from 'vitest'
import type { Probe, ProbeResult } from '../../control-plane/hardware.ts'
import { account, openAccount, part, pass, REGION, text, useAccount } from '../compute/account.ts'
import { fleet, layFleet, memberIds, membersOf, runGroup } from './fleet.ts'

useAccount()

async function open(probe?: (probe: Probe) => Promise<ProbeResult>): Promise<void> {
  openAccount(probe ? { hardware: { probe } } : {})
  await layFleet()
}

/** How activities of a group ended, the newest first. */
async function activities(ScalingGroupId: string): Promise<string[]> {
  const answer = account.ess('DescribeScalingActivities', { ScalingGroupId })
  const found = await part(answer, 'ScalingActivities', 'ScalingActivity')
  return (found as { Description: string; StatusCode: string; StatusMessage: string }[]).map(
    ({ Description, StatusCode, StatusMessage }) =>
      `${StatusCode}: ${Description}${StatusMessage === '' ? '' : ` (${StatusMessage})`}`,
  )
}

async function addHook(
  ScalingGroupId: string,
  LifecycleTransition: string,
  more: Record<string, string> = {},
): Promise<string> {
  const hook = { ScalingGroupId, LifecycleTransition, HeartbeatTimeout: '60', ...more }
  return text(account.ess('CreateLifecycleHook', hook), 'LifecycleHookId')
}

test('other bounds are other numbers of instances, spread over the zones', async () => {
  await open()
  const groupId = await runGroup([1, 1])
  await pass()
  await account.ess('ModifyScalingGroup', { ScalingGroupId: groupId, MinSize: '3', MaxSize: '3' })
  await pass()
  const zones = () =>
    memberIds(groupId).then((ids) =>
      ids.map((id) => account.compute.describeMachine(id)?.zoneId.at(-1)).toSorted(),
    )
  expect(await zones()).toHaveLength(3)
  expect(new Set(await zones())).toEqual(new Set(['b', 'c']))
  await account.ess('ModifyScalingGroup', { ScalingGroupId: groupId, MinSize: '2', MaxSize: '2' })
  await pass(20_000)
  expect(await zones()).toEqual(['b', 'c'])
  expect(await activities(groupId)).toEqual([
    'Successful: Remove "1" ECS instance',
    'Successful: Add "2" ECS instance',
    'Successful: Add "1" ECS instance',
  ])
})

test('an instance waits for the hook before it serves, and after it serves no more', async () => {
  await open()
  const groupId = await runGroup([1, 2])
  await addHook(groupId, 'SCALE_OUT')
  await addHook(groupId, 'SCALE_IN', { HeartbeatTimeout: '30' })
  const servers = async () =>
    part(
      account.alb('ListServerGroupServers', { ServerGroupId: fleet.serverGroupId }),
      'TotalCount',
    )
  await pass(60_000)
  expect(await membersOf(groupId)).toEqual(['Pending:Wait Healthy'])
  expect(await servers()).toBe(0)
  await pass(6000)
  expect(await membersOf(groupId)).toEqual(['InService Healthy'])
  expect(await servers()).toBe(1)
  const [id = ''] = await memberIds(groupId)
  await account.ess('ModifyScalingGroup', { ScalingGroupId: groupId, MinSize: '0', MaxSize: '0' })
  await pass(20_000)
  expect(await membersOf(groupId)).toEqual(['Removing:Wait Healthy'])
  expect(await servers()).toBe(0)
  expect(account.compute.describeMachine(id)?.status).toBe('Running')
  await pass(20_000)
  expect(await membersOf(groupId)).toEqual([])
  expect(account.hardwareCalls.slice(-2)).toEqual([`stop ${id}`, `remove ${id}`])
})

test('an instance that a hook abandons is released, and another one takes its place', async () => {
  await open()
  const groupId = await runGroup([1, 1])
  await addHook(groupId, 'SCALE_OUT', { DefaultResult: 'ABANDON' })
  await pass()
  const [first] = await memberIds(groupId)
  await pass(90_000)
  const [second] = await memberIds(groupId)
  expect(second).not.toBe(first)
  expect((await activities(groupId)).at(-1)).toBe(
    `Failed: Add "1" ECS instance (A lifecycle hook has abandoned the instance ${first}.)`,
  )
})

test('an instance that is stopped, or released by somebody, is replaced', async () => {
  await open()
  const groupId = await runGroup([2, 2])
  await pass()
  const before = await memberIds(groupId)
  await account.ecs('StopInstance', { InstanceId: before[0] ?? '' })
  await pass(30_000)
  const then = await memberIds(groupId)
  expect(then).toHaveLength(2)
  expect(then).toContain(before[1])
  expect(then).not.toContain(before[0])
  await account.ecs('DeleteInstance', { InstanceId: before[1] ?? '', Force: 'true' })
  await pass(30_000)
  const now = await memberIds(groupId)
  expect(now).toHaveLength(2)
  expect(now).not.toContain(before[1])
  expect(account.compute.faults()).toEqual([])
})

test('one that the load balancer finds unhealthy is replaced, once it has been healthy', async () => {
  let ill = ''
  let booted = false
  await open(async ({ instanceId }) => ({ status: booted && instanceId !== ill ? 200 : 503 }))
  const groupId = await runGroup([2, 2])
  await pass(60_000)
  const before = await memberIds(groupId)
  expect(await membersOf(groupId)).toEqual(['InService Healthy', 'InService Healthy'])
  booted = true
  await pass()
  ill = before[0] ?? ''
  await pass(6500)
  expect(await membersOf(groupId)).toEqual(['Removing Unhealthy', 'InService Healthy'])
  await pass(20_000)
  const after = await memberIds(groupId)
  expect(after).toHaveLength(2)
  expect(after).not.toContain(ill)
})

test('one that is never healthy is replaced after ten minutes', async () => {
  await open(async () => ({ status: 503 }))
  const groupId = await runGroup([1, 1])
  await pass()
  const [before] = await memberIds(groupId)
  await pass(590_000)
  expect(await memberIds(groupId)).toEqual([before])
  await pass(30_000)
  expect(await memberIds(groupId)).not.toEqual([before])
})

test('a machine that does not start fails the activity, and another one is made', async () => {
  let starts = 0
  openAccount({
    hardware: {
      start: async () => {
        if (++starts === 1) throw new Error('no power')
      },
    },
  })
  await layFleet()
  const groupId = await runGroup([1, 1])
  await pass(40_000)
  expect(await membersOf(groupId)).toEqual(['InService Healthy'])
  const [latest, failed] = await activities(groupId)
  expect(latest).toBe('Successful: Add "1" ECS instance')
  expect(failed).toMatch(
    /^Failed: Add "1" ECS instance \(The instance i-[a-z0-9]+ did not start\.\)$/,
  )
})

test('what one zone has sold out comes from the other, and what is nowhere is told', async () => {
  await open()
  const { catalogue } = account.compute
  catalogue.sellOut('ecs.u1-c1m2.large', `${REGION}b`)
  const groupId = await runGroup([2, 2])
  await pass()
  const zones = await memberIds(groupId).then((ids) =>
    ids.map((id) => account.compute.describeMachine(id)?.zoneId),
  )
  expect(zones).toEqual([`${REGION}c`, `${REGION}c`])
  catalogue.sellOut('ecs.u1-c1m2.large', `${REGION}c`)
  await account.ess('ModifyScalingGroup', { ScalingGroupId: groupId, MinSize: '3', MaxSize: '3' })
  await pass(2000)
  expect((await activities(groupId))[0]).toBe(
    'Failed: Add "1" ECS instance (OperationDenied.NoStock: The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.)',
  )
})

/** Runs a scaling group of this size whose rule follows the CPU utilization. @returns The id of the group */
async function runTrackedGroup(
  size: [number, number],
  rule: Record<string, string> = {},
): Promise<string> {
  await open()
  const ScalingGroupId = await runGroup(size)
  await account.ess('CreateScalingRule', {
    ScalingGroupId,
    ScalingRuleType: 'TargetTrackingScalingRule',
    MetricName: 'CpuUtilization',
    TargetValue: '50.000000',
    EstimatedInstanceWarmup: '60',
    ...rule,
  })
  await pass(20_000)
  return ScalingGroupId
}

test('a rule follows its metric up after three minutes and down after fifteen', async () => {
  const groupId = await runTrackedGroup([1, 3])
  const { scaling } = account.compute
  scaling.setMetric(groupId, 'CpuUtilization', 90)
  await pass(100_000)
  expect(scaling.inService(groupId)).toHaveLength(1)
  await pass(100_000)
  expect(scaling.inService(groupId)).toHaveLength(2)
  scaling.setMetric(groupId, 'CpuUtilization', 48)
  await pass(1_200_000)
  expect(scaling.inService(groupId)).toHaveLength(2)
  scaling.setMetric(groupId, 'CpuUtilization', 10)
  await pass(840_000)
  expect(scaling.inService(groupId)).toHaveLength(2)
  await pass(120_000)
  expect(scaling.inService(groupId)).toHaveLength(1)
})

test('a rule never leaves the bounds, and may be told not to scale in', async () => {
  const rule = { DisableScaleIn: 'true', ScaleOutEvaluationCount: '1' }
  const groupId = await runTrackedGroup([1, 2], rule)
  const { scaling } = account.compute
  scaling.setMetric(groupId, 'CpuUtilization', 1000)
  await pass(120_000)
  expect(scaling.inService(groupId)).toHaveLength(2)
  scaling.setMetric(groupId, 'CpuUtilization', 1)
  await pass(1_800_000)
  expect(scaling.inService(groupId)).toHaveLength(2)
})
