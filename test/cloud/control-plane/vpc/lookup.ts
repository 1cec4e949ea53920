import type { ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { Eip } from './eip.ts'
import { refuse } from './refusals.ts'
import type { Vpc } from './vpc.ts'
import type { VSwitch } from './vswitch.ts'

/** @throws ActionError InvalidVpcId.NotFound */
export function requireVpc({ vpcs }: ComputeState, { parameters }: ActionCall): Vpc {
  return vpcs.require(parameters.VpcId, refuse('InvalidVpcId.NotFound'))
}

/** @throws ActionError InvalidVSwitchId.NotFound */
export function requireVSwitch({ vSwitches }: ComputeState, { parameters }: ActionCall): VSwitch {
  return vSwitches.require(parameters.VSwitchId, refuse('InvalidVSwitchId.NotFound'))
}

/** @throws ActionError InvalidAllocationId.NotFound */
export function requireEip({ eips }: ComputeState, { parameters }: ActionCall): Eip {
  return eips.require(parameters.AllocationId, refuse('InvalidAllocationId.NotFound'))
}

/** Returns the vSwitches of a VPC. */
export function vSwitchesOf(state: ComputeState, vpcId: string): VSwitch[] {
  return state.vSwitches.all().filter((vSwitch) => vSwitch.vpcId === vpcId)
}
