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
 * @throws ActionError InvalidParameter
 */
export function requireIdList(text: string): string[] {
  const ids = jsonList(text)
  if (!ids || ids.length === 0 || ids.length > 100) throw refuse('InvalidParameter')
  return ids
}
