import type { AlbState } from '../alb/alb-state.ts'
import type { ComputeState } from '../compute-state.ts'
import { ResourceStore } from '../resource-store.ts'
import type { LifecycleHook } from './lifecycle-hook.ts'
import type { ScalingActivity } from './scaling-activity.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { ScalingGroup } from './scaling-group.ts'
import type { ScalingRule } from './scaling-rule.ts'

/** Everything an account has in Auto Scaling in one region. */
export interface EssState {
  readonly compute: ComputeState
  readonly alb: AlbState
  readonly groups: ResourceStore<ScalingGroup>
  readonly configurations: ResourceStore<ScalingConfiguration>
  readonly hooks: ResourceStore<LifecycleHook>
  readonly rules: ResourceStore<ScalingRule>
  readonly activities: ResourceStore<ScalingActivity>
}

/** Returns the state of Auto Scaling without any resource. */
export function newEssState(compute: ComputeState, alb: AlbState): EssState {
  return {
    compute,
    alb,
    groups: new ResourceStore(),
    configurations: new ResourceStore(),
    hooks: new ResourceStore(),
    rules: new ResourceStore(),
    activities: new ResourceStore(),
  }
}

/** Returns the resources of a store that belong to a group. */
export function ofGroup<Resource extends { scalingGroupId: string }>(
  store: { all(): Resource[] },
  { id }: Pick<ScalingGroup, 'id'>,
): Resource[] {
  return store.all().filter(({ scalingGroupId }) => scalingGroupId === id)
}

/** Removes a group with its configurations, hooks and rules. */
export function removeGroup(state: EssState, group: ScalingGroup): void {
  state.groups.remove(group.id)
  for (const { id } of ofGroup(state.configurations, group)) state.configurations.remove(id)
  for (const { id } of ofGroup(state.hooks, group)) state.hooks.remove(id)
  for (const { id } of ofGroup(state.rules, group)) state.rules.remove(id)
}
