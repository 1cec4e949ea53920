import type { Product } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { defineProduct } from '../product.ts'
import { availabilityActions } from './availability-actions.ts'
import { imageActions } from './image-actions.ts'
import { instanceActions } from './instance-actions.ts'
import { instanceDetailActions } from './instance-details.ts'
import { instanceListActions } from './instance-list.ts'
import { instanceRoleActions } from './instance-role-actions.ts'
import { instanceTypeActions } from './instance-type-actions.ts'
import { powerActions } from './power-actions.ts'
import { ruleActions } from './rule-actions.ts'
import { runInstancesActions } from './run-instances.ts'
import { securityGroupActions } from './security-group-actions.ts'
import { ecsTagActions } from './tag-actions.ts'

/** Returns the ECS API, 2014-05-26: instances, security groups, what is on sale, and tags. */
export function ecsProduct(state: ComputeState): Product {
  return defineProduct({
    code: 'ecs',
    version: '2014-05-26',
    actions: {
      ...availabilityActions(state),
      ...instanceTypeActions(state),
      ...imageActions(state),
      ...securityGroupActions(state),
      ...ruleActions(state),
      ...runInstancesActions(state),
      ...instanceListActions(state),
      ...instanceDetailActions(state),
      ...instanceActions(state),
      ...powerActions(state),
      ...instanceRoleActions(state),
      ...ecsTagActions(state),
    },
  })
}
