import { ActionError } from '../action.ts'
import { idle } from '../durations.ts'
import { type EssState, ofGroup, removeGroup } from './ess-state.ts'
import { launchMember } from './launch.ts'
import { type Member, stays } from './member.ts'
import { bringIntoService, releaseMember, takeOut } from './member-lifecycle.ts'
import { chooseForRemoval } from './removal-choice.ts'
import { endActivity, startActivity } from './scaling-activity.ts'
import type { ScalingGroup } from './scaling-group.ts'
import { track } from './scaling-rule.ts'
import { leave, serversOf } from './serving.ts'

/** Grace period of instances that no load balancer has found healthy yet, in milliseconds. */
const GRACE_MS = 600_000

/** Rounds that a group pauses after an activity that failed. */
const FAILURE_LOOKS = 10

/** Runs the scaling activities of a group, one after the other, until the group is deleted. */
export function startEngine(state: EssState, group: ScalingGroup): void {
  void (async () => {
    while (!state.alb.closed && state.groups.get(group.id)) {
      await idle(state.compute.durations.scalingMs)
      try {
        await look(state, group)
      } catch (error) {
        state.compute.faults.push({
          instanceId: group.id,
          operation: 'change',
          message: error instanceof Error ? error.message : String(error),
        })
      }
    }
  })()
}

async function look(state: EssState, group: ScalingGroup): Promise<void> {
  if (group.lifecycleState === 'Deleting') return dissolve(state, group)
  noteHealth(state, group)
  if (group.lifecycleState !== 'Active') return
  const unhealthy = group.members.filter(({ health }) => health === 'Unhealthy')
  if (unhealthy.length > 0) {
    return scaleIn(state, group, unhealthy, 'The health check has found instances unhealthy.')
  }
  followRules(state, group)
  group.target = Math.min(group.maxSize, Math.max(group.minSize, group.target))
  const missing = group.target - group.members.filter(stays).length
  if (missing > 0) return scaleOut(state, group, missing)
  if (missing === 0) return
  const age = (id: string): number => state.configurations.get(id)?.createdAt ?? 0
  const chosen = chooseForRemoval(group, -missing, age)
  return scaleIn(state, group, chosen, `There are to be ${group.target} instances.`)
}

function noteHealth(state: EssState, group: ScalingGroup): void {
  const types = group.healthCheckTypes
  for (const member of group.members) {
    if (member.lifecycleState !== 'InService') continue
    const instance = state.compute.instances.get(member.instanceId)
    const running = instance?.status === 'Running' && !instance.releasing
    if (!instance || (types.includes('ECS') && !running)) member.health = 'Unhealthy'
    if (types.includes('LOAD_BALANCER') && failsChecks(state, group, member)) {
      member.health = 'Unhealthy'
    }
  }
}

/** Returns whether checks fail; they count once the instance was healthy or its grace period is over. */
function failsChecks(state: EssState, group: ScalingGroup, member: Member): boolean {
  const servers = serversOf(state, group, member)
  if (servers.length > 0 && servers.every(({ health }) => health.status === 'Healthy')) {
    member.wasHealthy = true
  }
  const since = member.inServiceAt ?? state.compute.now()
  const graceIsOver = state.compute.now() - since > GRACE_MS * state.compute.durations.waitFactor
  if (!member.wasHealthy && !graceIsOver) return false
  return servers.some(({ health }) => health.status === 'Unhealthy')
}

function followRules(state: EssState, group: ScalingGroup): void {
  const { clock, metrics } = group
  const { now, durations } = state.compute
  if (now() < clock.metricsAt) return
  clock.metricsAt = now() + durations.metricPeriodMs
  if (now() < clock.warmUntil) return
  const capacity = group.members.filter(stays).length
  for (const { tracking } of ofGroup(state.rules, group)) {
    const value = metrics.get(tracking.metricName)
    if (value === undefined) continue
    const wanted = track(tracking, value, capacity)
    if (wanted === undefined) continue
    group.target = wanted
    clock.warmUntil = now() + tracking.warmupSeconds * 1000 * durations.waitFactor
  }
}

async function scaleOut(state: EssState, group: ScalingGroup, count: number): Promise<void> {
  const cause = `There are to be ${group.target} instances.`
  const activity = startActivity(state, group, cause, `Add "${count}" ECS instance`)
  const failures: string[] = []
  const launched: Member[] = []
  for (let index = 0; index < count; index++) {
    try {
      launched.push(launchMember(state, group, activity.id))
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      failures.push(`${error.code}: ${error.message}`)
    }
  }
  await Promise.all(
    launched.map(async (member) => {
      const failure = await bringIntoService(state, group, member)
      if (failure === undefined) activity.created.push(member.instanceId)
      else failures.push(failure)
    }),
  )
  endActivity(state, group, activity, failures)
  if (failures.length > 0) await idle(FAILURE_LOOKS * state.compute.durations.scalingMs)
}

async function scaleIn(
  state: EssState,
  group: ScalingGroup,
  members: readonly Member[],
  cause: string,
): Promise<void> {
  if (members.length === 0) return
  const description = `Remove "${members.length}" ECS instance`
  const activity = startActivity(state, group, cause, description)
  await Promise.all(
    members.map(async (member) => {
      member.activityId = activity.id
      await takeOut(state, group, member)
      activity.destroyed.push(member.instanceId)
    }),
  )
  endActivity(state, group, activity, [])
}

/** Returns a group that is deleted by force does not wait for hooks. */
async function dissolve(state: EssState, group: ScalingGroup): Promise<void> {
  const members = [...group.members]
  for (const member of members) {
    member.lifecycleState = 'Removing'
    leave(state, group, member)
  }
  await Promise.all(members.map((member) => releaseMember(state, group, member)))
  removeGroup(state, group)
}
