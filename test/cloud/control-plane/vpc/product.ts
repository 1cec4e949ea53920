import type { Product } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import {
  allocateEipAddress,
  describeEipAddresses,
  modifyEipAddressAttribute,
  releaseEipAddress,
} from './eip-actions.ts'
import { associateEipAddress, unassociateEipAddress } from './eip-binding.ts'
import { describeRouteTableList } from './route-table-actions.ts'
import { tagVpcResources, untagVpcResources } from './tag-actions.ts'
import { createVpc, deleteVpc, describeVpcAttribute } from './vpc-actions.ts'
import { createVSwitch, deleteVSwitch, describeVSwitchAttributes } from './vswitch-actions.ts'

/** The VPC API, 2016-04-28: VPCs, vSwitches, EIPs and their tags. */
export function vpcProduct(state: ComputeState): Product {
  return {
    code: 'vpc',
    version: '2016-04-28',
    actions: {
      CreateVpc: state.tokens.idempotent('CreateVpc', createVpc(state)),
      DescribeVpcAttribute: describeVpcAttribute(state),
      DeleteVpc: deleteVpc(state),
      DescribeRouteTableList: describeRouteTableList(state),
      CreateVSwitch: state.tokens.idempotent('CreateVSwitch', createVSwitch(state)),
      DescribeVSwitchAttributes: describeVSwitchAttributes(state),
      DeleteVSwitch: deleteVSwitch(state),
      AllocateEipAddress: state.tokens.idempotent('AllocateEipAddress', allocateEipAddress(state)),
      DescribeEipAddresses: describeEipAddresses(state),
      ModifyEipAddressAttribute: modifyEipAddressAttribute(state),
      AssociateEipAddress: state.tokens.idempotent(
        'AssociateEipAddress',
        associateEipAddress(state),
      ),
      UnassociateEipAddress: state.tokens.idempotent(
        'UnassociateEipAddress',
        unassociateEipAddress(state),
      ),
      ReleaseEipAddress: releaseEipAddress(state),
      TagResources: tagVpcResources(state),
      UnTagResources: untagVpcResources(state),
    },
  }
}
