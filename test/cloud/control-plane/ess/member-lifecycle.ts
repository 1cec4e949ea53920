import { idle } from '../durations.ts'
import { release } from '../ecs/machine.ts'
import { type EssState, ofGroup } from './ess-state.ts'
import type { LifecycleHook } from './lifecycle-hook.ts'
import type { Member } from './member.ts'
import type { ScalingGroup } from './scaling-group.ts'
import { enter, leave } from './serving.ts'

/** Polling interval of waits. */
const LOOK_MS = 100

/**
 * Brings an instance into service: waits until it runs and hooks have ended, then adds it to the
 * server groups.
 *
 * @returns Why it was released instead; undefined when it is in service
 */
export async function bringIntoService(
  state: EssState,
  group: ScalingGroup,
  member: Member,
): Promise<string | undefined> {
  const failure = await tryService(state, group, member)
  if (failure === undefined) {
    member.lifecycleState = 'InService'
    member.inServiceAt = state.compute.now()
    return undefined
  }
  leave(state, group, member)
  await releaseMember(state, group, member)
  return failure
}

async function tryService(
  state: EssState,
  group: ScalingGroup,
  member: Member,
): Promise<string | undefined> {
  const { instanceId } = member
  const status = () => state.compute.instances.get(instanceId)?.status
  while (['Pending', 'Starting'].includes(status() ?? '')) await idle(LOOK_MS)
  if (status() !== 'Running') return `The instance ${instanceId} did not start.`
  const result = await waitForHooks(state, group, member, 'SCALE_OUT')
  if (result === 'ABANDON') return `A lifecycle hook has abandoned the instance ${instanceId}.`
  if (group.lifecycleState === 'Deleting') return 'The scaling group is being deleted.'
  member.lifecycleState = 'Pending'
  try {
    await enter(state, group, member)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/**
 * Takes an instance out of service: leaves the server groups, waits for hooks, releases it.
 * Only a hook waits for draining; connections that are left are cut.
 */
export async function takeOut(state: EssState, group: ScalingGroup, member: Member): Promise<void> {
  member.lifecycleState = 'Removing'
  leave(state, group, member)
  await waitForHooks(state, group, member, 'SCALE_IN')
  member.lifecycleState = 'Removing'
  await releaseMember(state, group, member)
}

/** Stops and releases an instance, and removes it from its group. */
export async function releaseMember(
  state: EssState,
  group: ScalingGroup,
  { instanceId }: Member,
): Promise<void> {
  const find = () => state.compute.instances.get(instanceId)
  while (['Pending', 'Starting', 'Stopping'].includes(find()?.status ?? '')) {
    if (find()?.releasing) break
    await idle(LOOK_MS)
  }
  const instance = find()
  if (instance && !instance.releasing) release(state.compute, instance)
  while (find()) await idle(LOOK_MS)
  const index = group.members.findIndex((member) => member.instanceId === instanceId)
  if (index >= 0) group.members.splice(index, 1)
}

async function waitForHooks(
  state: EssState,
  group: ScalingGroup,
  member: Member,
  transition: LifecycleHook['transition'],
): Promise<'CONTINUE' | 'ABANDON'> {
  const hooks = ofGroup(state.hooks, group).filter((hook) => hook.transition === transition)
  if (hooks.length === 0) return 'CONTINUE'
  member.lifecycleState = transition === 'SCALE_OUT' ? 'Pending:Wait' : 'Removing:Wait'
  member.hooks = hooks.map(({ id: hookId, heartbeatSeconds }) => ({
    hookId,
    until: state.compute.now() + heartbeatSeconds * 1000 * state.compute.durations.waitFactor,
    result: undefined,
  }))
  for (;;) {
    for (const pending of member.hooks) {
      if (state.compute.now() < pending.until || pending.result) continue
      pending.result = hooks.find(({ id }) => id === pending.hookId)?.defaultResult ?? 'CONTINUE'
    }
    const results = member.hooks.map(({ result }) => result)
    const abandoned = results.includes('ABANDON')
    if (abandoned || !results.includes(undefined) || group.lifecycleState === 'Deleting') {
      member.hooks = []
      return abandoned ? 'ABANDON' : 'CONTINUE'
    }
    await idle(LOOK_MS)
  }
}
