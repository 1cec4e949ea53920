import type { Action, Product } from '../action.ts'
import { attachAlbServerGroups } from './attachment-actions.ts'
import type { EssState } from './ess-state.ts'
import { describeScalingActivities, describeScalingInstances } from './instance-actions.ts'
import { createLifecycleHook, describeLifecycleHooks } from './lifecycle-hook.ts'
import {
  createScalingConfiguration,
  describeScalingConfigurations,
  modifyScalingConfiguration,
} from './scaling-configuration-actions.ts'
import {
  createScalingGroup,
  deleteScalingGroup,
  describeScalingGroups,
  enableScalingGroup,
  modifyScalingGroup,
} from './scaling-group-actions.ts'
import { createScalingRule, describeScalingRules } from './scaling-rule-actions.ts'
import { listEssTagResources, tagEssResources, untagEssResources } from './tag-actions.ts'

/** The Auto Scaling API, 2014-08-28: groups of instances and what keeps them as many as wanted. */
export function essProduct(state: EssState): Product {
  const once = (name: string, action: Action): Action =>
    state.compute.tokens.idempotent(`ess:${name}`, action)
  return {
    code: 'ess',
    version: '2014-08-28',
    actions: {
      CreateScalingGroup: once('CreateScalingGroup', createScalingGroup(state)),
      DescribeScalingGroups: describeScalingGroups(state),
      ModifyScalingGroup: modifyScalingGroup(state),
      EnableScalingGroup: enableScalingGroup(state),
      DeleteScalingGroup: deleteScalingGroup(state),
      AttachAlbServerGroups: once('AttachAlbServerGroups', attachAlbServerGroups(state)),
      CreateScalingConfiguration: once(
        'CreateScalingConfiguration',
        createScalingConfiguration(state),
      ),
      DescribeScalingConfigurations: describeScalingConfigurations(state),
      ModifyScalingConfiguration: modifyScalingConfiguration(state),
      CreateLifecycleHook: createLifecycleHook(state),
      DescribeLifecycleHooks: describeLifecycleHooks(state),
      CreateScalingRule: createScalingRule(state),
      DescribeScalingRules: describeScalingRules(state),
      DescribeScalingInstances: describeScalingInstances(state),
      DescribeScalingActivities: describeScalingActivities(state),
      TagResources: tagEssResources(state),
      UntagResources: untagEssResources(state),
      ListTagResources: listEssTagResources(state),
    },
  }
}
