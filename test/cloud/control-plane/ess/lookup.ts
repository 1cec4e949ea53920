import type { ActionCall } from '../action.ts'
import type { EssState } from './ess-state.ts'
import { refuse } from './refusals.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { ScalingGroup } from './scaling-group.ts'

/** @throws ActionError InvalidScalingGroupId.NotFound */
export function requireGroup(state: EssState, call: ActionCall): ScalingGroup {
  const group = state.groups.find(call.parameters.ScalingGroupId, call.region)
  if (!group) throw refuse('InvalidScalingGroupId.NotFound')
  return group
}

/**
 * A group that is not being deleted.
 *
 * @throws ActionError InvalidScalingGroupId.NotFound, IncorrectScalingGroupStatus
 */
export function requireLivingGroup(state: EssState, call: ActionCall): ScalingGroup {
  const group = requireGroup(state, call)
  if (group.lifecycleState === 'Deleting') throw refuse('IncorrectScalingGroupStatus')
  return group
}

/** @throws ActionError InvalidScalingConfigurationId.NotFound */
export function requireConfiguration(state: EssState, call: ActionCall): ScalingConfiguration {
  const { ScalingConfigurationId } = call.parameters
  const configuration = state.configurations.find(ScalingConfigurationId, call.region)
  if (!configuration) throw refuse('InvalidScalingConfigurationId.NotFound')
  return configuration
}
