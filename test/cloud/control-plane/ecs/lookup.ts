import type { ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { jsonList } from '../parameter-values.ts'
import type { Instance } from './instance.ts'
import { refuse } from './refusals.ts'
import type { SecurityGroup } from './security-group.ts'

/** @throws ActionError InvalidRegionId.NotFound */
export function requireRegion(state: ComputeState, call: ActionCall): string {
  if (!state.catalogue.region(call.region)) throw refuse('InvalidRegionId.NotFound')
  return call.region
}

/** @throws ActionError InvalidInstanceId.NotFound */
export function requireInstance(state: ComputeState, call: ActionCall): Instance {
  const instance = state.instances.find(call.parameters.InstanceId, requireRegion(state, call))
  if (!instance) throw refuse('InvalidInstanceId.NotFound')
  return instance
}

/**
 * An instance that is Running or Stopped and not on its way out.
 *
 * @throws ActionError InvalidInstanceId.NotFound, IncorrectInstanceStatus
 */
export function requireSettled(state: ComputeState, call: ActionCall): Instance {
  const instance = requireInstance(state, call)
  if (instance.releasing || !['Running', 'Stopped'].includes(instance.status)) {
    throw refuse('IncorrectInstanceStatus')
  }
  return instance
}

/** @throws ActionError InvalidInstanceId.NotFound, IncorrectInstanceStatus */
export function requireStopped(state: ComputeState, call: ActionCall): Instance {
  const instance = requireSettled(state, call)
  if (instance.status !== 'Stopped') throw refuse('IncorrectInstanceStatus')
  return instance
}

/** @throws ActionError InvalidSecurityGroupId.NotFound */
export function requireGroup(state: ComputeState, call: ActionCall): SecurityGroup {
  const { SecurityGroupId } = call.parameters
  const group = state.securityGroups.find(SecurityGroupId, requireRegion(state, call))
  if (!group) throw refuse('InvalidSecurityGroupId.NotFound')
  return group
}

/**
 * Ids that are sent as a JSON list of 1 to 100.
 *
 * @throws ActionError InvalidInstanceIds.Malformed
 */
export function requireIdList(text: string): string[] {
  const ids = jsonList(text)
  if (!ids || ids.length === 0 || ids.length > 100) throw refuse('InvalidInstanceIds.Malformed')
  return ids
}
