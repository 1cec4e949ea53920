import type { Product } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { defineProduct } from '../product.ts'
import { tagActions } from '../tag-actions.ts'
import { eipActions } from './eip-actions.ts'
import { eipBindingActions } from './eip-binding.ts'
import { refuse } from './refusals.ts'
import { routeTableActions } from './route-table-actions.ts'
import { vpcActions } from './vpc-actions.ts'
import { vSwitchActions } from './vswitch-actions.ts'

/** Returns the VPC API, 2016-04-28: VPCs, vSwitches, EIPs and their tags. */
export function vpcProduct(state: ComputeState): Product {
  return defineProduct({
    code: 'vpc',
    version: '2016-04-28',
    actions: {
      ...vpcActions(state),
      ...routeTableActions(state),
      ...vSwitchActions(state),
      ...eipActions(state),
      ...eipBindingActions(state),
      ...tagActions({
        types: {
          VPC: (id) => state.vpcs.get(id)?.tags,
          VSWITCH: (id) => state.vSwitches.get(id)?.tags,
          EIP: (id) => state.eips.get(id)?.tags,
        },
        most: 20,
        untag: 'UnTagResources',
        refusals: {
          unknownType: () => refuse('InvalidResourceType.NotFound'),
          tooMany: () => refuse('NumberExceed.ResourceIds'),
          notFound: () => refuse('InvalidResourceId.NotFound'),
          missingKey: () => refuse('MissingParameter.TagKey'),
        },
      }),
    },
  })
}
