import type { ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { jsonList } from '../parameter-values.ts'
import type { Instance } from './instance.ts'
import { refuse } from './refusals.ts'
import type { SecurityGroup } from './security-group.ts'

/** @throws ActionError InvalidInstanceId.NotFound */
export function requireInstance({ instances }: ComputeState, { parameters }: ActionCall): Instance {
  return instances.require(parameters.InstanceId, refuse('InvalidInstanceId.NotFound'))
}

/**
 * Returns an instance that is Running or Stopped and not being released.
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
export function requireGroup(
  { securityGroups }: ComputeState,
  { parameters }: ActionCall,
): SecurityGroup {
  return securityGroups.require(
    parameters.SecurityGroupId,
    refuse('InvalidSecurityGroupId.NotFound'),
  )
}

/**
 * Returns the instances whose ids InstanceIds lists as JSON, or all where it is absent.
 *
 * @throws ActionError InvalidInstanceIds.Malformed
 */
export function listedInstances(
  { instances }: ComputeState,
  { parameters }: ActionCall,
): Instance[] {
  const ids =
    parameters.InstanceIds === undefined ? undefined : requireIdList(parameters.InstanceIds)
  return instances.all().filter(({ id }) => !ids || ids.includes(id))
}

/**
 * Reads 1 to 100 ids from a JSON list.
 *
 * @throws ActionError InvalidInstanceIds.Malformed
 */
export function requireIdList(text: string): string[] {
  const ids = jsonList(text)
  if (!ids || ids.length === 0 || ids.length > 100) throw refuse('InvalidInstanceIds.Malformed')
  return ids
}
