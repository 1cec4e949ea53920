import type { ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { Eip } from './eip.ts'
import { refuse } from './refusals.ts'
import type { Vpc } from './vpc.ts'
import type { VSwitch } from './vswitch.ts'

/** @throws ActionError InvalidRegionId.NotFound */
export function requireRegion(state: ComputeState, call: ActionCall): string {
  if (!state.catalogue.region(call.region)) throw refuse('InvalidRegionId.NotFound')
  return call.region
}

/** @throws ActionError InvalidVpcId.NotFound */
export function requireVpc(state: ComputeState, call: ActionCall): Vpc {
  const vpc = state.vpcs.find(call.parameters.VpcId, requireRegion(state, call))
  if (!vpc) throw refuse('InvalidVpcId.NotFound')
  return vpc
}

/** @throws ActionError InvalidVSwitchId.NotFound */
export function requireVSwitch(state: ComputeState, call: ActionCall): VSwitch {
  const vSwitch = state.vSwitches.find(call.parameters.VSwitchId, requireRegion(state, call))
  if (!vSwitch) throw refuse('InvalidVSwitchId.NotFound')
  return vSwitch
}

/** @throws ActionError InvalidAllocationId.NotFound */
export function requireEip(state: ComputeState, call: ActionCall): Eip {
  const eip = state.eips.find(call.parameters.AllocationId, requireRegion(state, call))
  if (!eip) throw refuse('InvalidAllocationId.NotFound')
  return eip
}

/** The vSwitches of a VPC. */
export function vSwitchesOf(state: ComputeState, vpcId: string): VSwitch[] {
  return state.vSwitches.all().filter((vSwitch) => vSwitch.vpcId === vpcId)
}
