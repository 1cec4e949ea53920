import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { vSwitchesOf } from './lookup.ts'
import { pages } from './parameters.ts'
import { describeSystemRouteTable } from './vpc.ts'

/** Returns the actions on route tables: each VPC has its system route table. */
export function routeTableActions(state: ComputeState): Actions {
  return {
    DescribeRouteTableList: listAction({
      parameters: ['RegionId'],
      all: () => state.vpcs.all(),
      filters: { VpcId: ({ id }) => id, RouteTableId: ({ routeTableId }) => routeTableId },
      paging: pages,
      answer: (vpcs) => ({
        RouterTableList: {
          RouterTableListType: vpcs.map((vpc) => {
            const vSwitchIds = vSwitchesOf(state, vpc.id).map(({ id }) => id)
            return describeSystemRouteTable(vpc, state.accountId, vSwitchIds)
          }),
        },
      }),
    }),
  }
}
