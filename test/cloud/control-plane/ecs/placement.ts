import type { ActionCall } from '../action.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import { parseIpv4 } from '../vpc/ipv4.ts'
import { freeAddress, isAssignable, type VSwitch } from '../vpc/vswitch.ts'
import { refuse } from './refusals.ts'

/** @throws ActionError when the type does not exist, is not sold in the zone, or is sold out there */
export function checkInstanceType(
  state: ComputeState,
  id: string | undefined,
  zoneId: string,
): InstanceType {
  const type = state.catalogue.instanceType(id ?? '')
  if (!type) throw refuse('InvalidInstanceType.ValueNotSupported')
  if (!state.catalogue.typesOffered(zoneId).includes(type)) {
    const message = `user order resource type [vpc][${type.id}] not exists in [${zoneId}]`
    throw refuse('InvalidResourceType.NotSupported', message)
  }
  if (!state.catalogue.inStock(type.id, zoneId)) throw refuse('OperationDenied.NoStock')
  return type
}

/**
 * Finds the vSwitch of a new instance, Available and in the zone of the call.
 *
 * @throws ActionError
 */
export function requireVSwitch(state: ComputeState, call: ActionCall, region: string): VSwitch {
  const { VSwitchId, ZoneId } = call.parameters
  const vSwitch = state.vSwitches.get(VSwitchId)
  if (!vSwitch) throw refuse('InvalidVSwitchId.NotFound')
  if (vSwitch.status !== 'Available') throw refuse('IncorrectVSwitchStatus')
  if (ZoneId && !state.catalogue.zones(region).includes(ZoneId)) {
    throw refuse('InvalidZoneId.NotFound')
  }
  if (ZoneId && ZoneId !== vSwitch.zoneId) {
    throw refuse('InvalidParameter', 'The specified parameter "ZoneId" is not valid.')
  }
  return vSwitch
}

/**
 * Reads the security groups of a new instance, all in the vSwitch's VPC.
 *
 * @throws ActionError
 */
export function checkGroups(state: ComputeState, call: ActionCall, vSwitch: VSwitch): string[] {
  const { SecurityGroupId } = call.parameters
  const listed = listOf(call.parameters, 'SecurityGroupIds')
  const ids = [...new Set(SecurityGroupId ? [SecurityGroupId, ...listed] : listed)]
  if (ids.length === 0) {
    throw refuse(
      'MissingParameter',
      'The input parameter "SecurityGroupId" that is mandatory for processing this request is not supplied.',
    )
  }
  for (const id of ids) {
    const group = state.securityGroups.get(id)
    if (!group) throw refuse('InvalidSecurityGroupId.NotFound')
    if (group.vpcId !== vSwitch.vpcId) throw refuse('InvalidParameter.Mismatch')
  }
  return ids
}

/**
 * @param spoken Addresses that are reserved. @default none
 * @throws ActionError when the address is not free in the vSwitch
 */
export function pickAddress(
  state: ComputeState,
  vSwitch: VSwitch,
  wanted: string | undefined,
  spoken: readonly string[] = [],
): string {
  const taken = new Set([
    ...spoken,
    ...state.interfaces
      .all()
      .filter(({ vSwitchId }) => vSwitchId === vSwitch.id)
      .map(({ privateIp }) => privateIp),
  ])
  if (wanted) {
    const address = parseIpv4(wanted)
    if (address === undefined) throw refuse('InvalidPrivateIpAddress.Malformed')
    if (!isAssignable(vSwitch, address)) throw refuse('InvalidPrivateIpAddress')
    if (taken.has(wanted)) throw refuse('InvalidPrivateIpAddress.Duplicated')
    return wanted
  }
  const free = freeAddress(vSwitch, taken)
  if (free === undefined) throw refuse('QuotaExceeded.PrivateIpAddress')
  return free
}
