import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { tagActions } from '../tag-actions.ts'
import { refuse } from './refusals.ts'

/** Returns the actions on tags of VPCs, vSwitches and EIPs. */
export function vpcTagActions({ vpcs, vSwitches, eips }: ComputeState): Actions {
  return tagActions({
    types: {
      VPC: (id) => vpcs.get(id)?.tags,
      VSWITCH: (id) => vSwitches.get(id)?.tags,
      EIP: (id) => eips.get(id)?.tags,
    },
    most: 20,
    untag: 'UnTagResources',
    refuse: (code) => refuse(code),
  })
}
