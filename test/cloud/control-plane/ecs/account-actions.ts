import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf } from '../parameter-values.ts'
import { quotaUsage } from '../quota-usage.ts'

/** Returns the action that describes the account. Source: "DescribeAccountAttributes", ECS API. */
export function accountActions(state: ComputeState): Actions {
  return {
    DescribeAccountAttributes: {
      parameters: ['RegionId', 'ZoneId?', 'AttributeName.N?'],
      handle: ({ parameters }) => {
        const values: Readonly<Record<string, string>> = {
          'max-postpaid-instance-vcpu-count': String(state.limits.vcpus),
          'used-postpaid-instance-vcpu-count': String(quotaUsage(state).vcpus),
          'real-name-authentication': 'yes',
        }
        const names = listOf(parameters, 'AttributeName')
        const AccountAttributeItem = Object.entries(values)
          .filter(([name]) => names.length === 0 || names.includes(name))
          .map(([AttributeName, Value]) => ({
            AttributeName,
            AttributeValues: { ValueItem: [{ Value }] },
          }))
        return { AccountAttributeItems: { AccountAttributeItem } }
      },
    },
  }
}
