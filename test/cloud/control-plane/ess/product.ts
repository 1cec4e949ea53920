import type { Product } from '../action.ts'
import { defineProduct } from '../product.ts'
import { attachmentActions } from './attachment-actions.ts'
import type { EssState } from './ess-state.ts'
import { scalingInstanceActions } from './instance-actions.ts'
import { lifecycleHookActions } from './lifecycle-hook-actions.ts'
import { configurationActions } from './scaling-configuration-actions.ts'
import { scalingGroupActions } from './scaling-group-actions.ts'
import { scalingRuleActions } from './scaling-rule-actions.ts'
import { essTagActions } from './tag-actions.ts'

/** Returns the Auto Scaling API, 2014-08-28: groups that maintain a number of instances. */
export function essProduct(state: EssState): Product {
  return defineProduct({
    code: 'ess',
    version: '2014-08-28',
    actions: {
      ...scalingGroupActions(state),
      ...attachmentActions(state),
      ...configurationActions(state),
      ...lifecycleHookActions(state),
      ...scalingRuleActions(state),
      ...scalingInstanceActions(state),
      ...essTagActions(state),
    },
  })
}
