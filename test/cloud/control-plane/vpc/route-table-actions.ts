import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { requireRegion, vSwitchesOf } from './lookup.ts'
import { describeSystemRouteTable } from './vpc.ts'

/** Lists the system route tables of the VPCs asked for; an empty list where there are none. */
export function describeRouteTableList(state: ComputeState): Action {
  return {
    permission: 'vpc:DescribeRouteTableList',
    parameters: {
      RegionId: 'required',
      VpcId: 'optional',
      RouteTableId: 'optional',
      PageNumber: 'optional',
      PageSize: 'optional',
    },
    handle(call) {
      const { VpcId, RouteTableId } = call.parameters
      const found = state.vpcs
        .in(requireRegion(state, call))
        .filter((vpc) => VpcId === undefined || vpc.id === VpcId)
        .filter((vpc) => RouteTableId === undefined || vpc.routeTableId === RouteTableId)
      return {
        PageNumber: 1,
        PageSize: found.length,
        TotalCount: found.length,
        RouterTableList: {
          RouterTableListType: found.map((vpc) => {
            const vSwitchIds = vSwitchesOf(state, vpc.id).map((vSwitch) => vSwitch.id)
            return describeSystemRouteTable(vpc, state.accountId, vSwitchIds)
          }),
        },
      }
    },
  }
}
