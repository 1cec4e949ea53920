import type { ActionCall } from '../action.ts'
import type { EssState } from './ess-state.ts'
import { refuse } from './refusals.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { ScalingGroup } from './scaling-group.ts'

/** @throws ActionError InvalidScalingGroupId.NotFound */
export function requireGroup({ groups }: EssState, { parameters }: ActionCall): ScalingGroup {
  return groups.require(parameters.ScalingGroupId, refuse('InvalidScalingGroupId.NotFound'))
}

/**
 * Returns a group that is not being deleted.
 *
 * @throws ActionError InvalidScalingGroupId.NotFound, IncorrectScalingGroupStatus
 */
export function requireLivingGroup(state: EssState, call: ActionCall): ScalingGroup {
  const group = requireGroup(state, call)
  if (group.lifecycleState === 'Deleting') throw refuse('IncorrectScalingGroupStatus')
  return group
}

/** @throws ActionError InvalidScalingConfigurationId.NotFound */
export function requireConfiguration(
  { configurations }: EssState,
  { parameters }: ActionCall,
): ScalingConfiguration {
  const refusal = refuse('InvalidScalingConfigurationId.NotFound')
  return configurations.require(parameters.ScalingConfigurationId, refusal)
}
