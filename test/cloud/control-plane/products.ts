import type { Product } from './action.ts'
import type { AlbState } from './alb/alb-state.ts'
import { healthActions } from './alb/health-actions.ts'
import { jobActions } from './alb/job.ts'
import { listenerActions } from './alb/listener-actions.ts'
import { loadBalancerActions } from './alb/load-balancer-actions.ts'
import { serverActions } from './alb/server-actions.ts'
import { serverGroupActions } from './alb/server-group-actions.ts'
import { albTagActions } from './alb/tag-actions.ts'
import type { ComputeState } from './compute-state.ts'
import { defineProduct } from './define-product.ts'
import { accountActions } from './ecs/account-actions.ts'
import { availabilityActions } from './ecs/availability-actions.ts'
import { imageActions } from './ecs/image-actions.ts'
import { instanceActions } from './ecs/instance-actions.ts'
import { instanceDetailActions } from './ecs/instance-details.ts'
import { instanceListActions } from './ecs/instance-list.ts'
import { instanceRoleActions } from './ecs/instance-role-actions.ts'
import { instanceTypeActions } from './ecs/instance-type-actions.ts'
import { powerActions } from './ecs/power-actions.ts'
import { ruleActions } from './ecs/rule-actions.ts'
import { runInstancesActions } from './ecs/run-instances.ts'
import { securityGroupActions } from './ecs/security-group-actions.ts'
import { ecsTagActions } from './ecs/tag-actions.ts'
import { serverGroupAttachmentActions } from './ess/attachment-actions.ts'
import type { EssState } from './ess/ess-state.ts'
import { scalingInstanceActions } from './ess/instance-actions.ts'
import { lifecycleHookActions } from './ess/lifecycle-hook-actions.ts'
import { configurationActions } from './ess/scaling-configuration-actions.ts'
import { scalingGroupActions } from './ess/scaling-group-actions.ts'
import { scalingRuleActions } from './ess/scaling-rule-actions.ts'
import { essTagActions } from './ess/tag-actions.ts'
import { accessKeyActions } from './ram/access-key-actions.ts'
import { attachmentActions } from './ram/attachment-actions.ts'
import { policyActions } from './ram/policy-actions.ts'
import { policyVersionActions } from './ram/policy-version-actions.ts'
import type { RamDirectory } from './ram/ram-directory.ts'
import { roleActions } from './ram/role-actions.ts'
import { ramTagActions } from './ram/tag-actions.ts'
import { userActions } from './ram/user-actions.ts'
import { eipActions } from './vpc/eip-actions.ts'
import { eipBindingActions } from './vpc/eip-binding.ts'
import { routeTableActions } from './vpc/route-table-actions.ts'
import { vpcTagActions } from './vpc/tag-actions.ts'
import { vpcActions } from './vpc/vpc-actions.ts'
import { vSwitchActions } from './vpc/vswitch-actions.ts'

/** Returns the products of one region: ECS, VPC, ALB and Auto Scaling (ESS). */
export function regionalProducts(
  compute: ComputeState,
  alb: AlbState,
  ess: EssState,
): readonly Product[] {
  const ecsProduct = defineProduct({
    code: 'ecs',
    version: '2014-05-26',
    actions: {
      ...accountActions(compute),
      ...availabilityActions(compute),
      ...instanceTypeActions(compute),
      ...imageActions(compute),
      ...securityGroupActions(compute),
      ...ruleActions(compute),
      ...runInstancesActions(compute),
      ...instanceListActions(compute),
      ...instanceDetailActions(compute),
      ...instanceActions(compute),
      ...powerActions(compute),
      ...instanceRoleActions(compute),
      ...ecsTagActions(compute),
    },
  })
  const vpcProduct = defineProduct({
    code: 'vpc',
    version: '2016-04-28',
    actions: {
      ...vpcActions(compute),
      ...routeTableActions(compute),
      ...vSwitchActions(compute),
      ...eipActions(compute),
      ...eipBindingActions(compute),
      ...vpcTagActions(compute),
    },
  })
  const albProduct = defineProduct({
    code: 'alb',
    version: '2020-06-16',
    actions: {
      ...loadBalancerActions(alb),
      ...serverGroupActions(alb),
      ...serverActions(alb),
      ...listenerActions(alb),
      ...healthActions(alb),
      ...jobActions(alb),
      ...albTagActions(alb),
    },
  })
  const essProduct = defineProduct({
    code: 'ess',
    version: '2014-08-28',
    actions: {
      ...scalingGroupActions(ess),
      ...serverGroupAttachmentActions(ess),
      ...configurationActions(ess),
      ...lifecycleHookActions(ess),
      ...scalingRuleActions(ess),
      ...scalingInstanceActions(ess),
      ...essTagActions(ess),
    },
  })
  return [ecsProduct, vpcProduct, albProduct, essProduct]
}

/** Returns RAM, Resource Access Management. */
export function ramProduct(directory: RamDirectory): Product {
  return defineProduct({
    code: 'ram',
    version: '2015-05-01',
    actions: {
      ...userActions(directory),
      ...accessKeyActions(directory),
      ...policyActions(directory),
      ...policyVersionActions(directory),
      ...roleActions(directory),
      ...attachmentActions(directory),
      ...ramTagActions(directory),
    },
  })
}
