import type { Action, Product } from '../action.ts'
import { attachAlbServerGroups, detachAlbServerGroups } from './attachment-actions.ts'
import type { EssState } from './ess-state.ts'
import {
  describeScalingActivities,
  describeScalingInstances,
  setInstanceHealth,
  setInstancesProtection,
} from './instance-actions.ts'
import {
  completeLifecycleAction,
  createLifecycleHook,
  deleteLifecycleHook,
  describeLifecycleActions,
  describeLifecycleHooks,
  modifyLifecycleHook,
} from './lifecycle-hook.ts'
import {
  createScalingConfiguration,
  deleteScalingConfiguration,
  describeScalingConfigurations,
  modifyScalingConfiguration,
} from './scaling-configuration-actions.ts'
import {
  createScalingGroup,
  deleteScalingGroup,
  describeScalingGroups,
  disableScalingGroup,
  enableScalingGroup,
  modifyScalingGroup,
} from './scaling-group-actions.ts'
import {
  createScalingRule,
  deleteScalingRule,
  describeAlarmTasks,
  describeScalingRules,
  executeScalingRule,
  modifyScalingRule,
} from './scaling-rule-actions.ts'
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
      DisableScalingGroup: disableScalingGroup(state),
      DeleteScalingGroup: deleteScalingGroup(state),
      AttachAlbServerGroups: once('AttachAlbServerGroups', attachAlbServerGroups(state)),
      DetachAlbServerGroups: once('DetachAlbServerGroups', detachAlbServerGroups(state)),
      CreateScalingConfiguration: once(
        'CreateScalingConfiguration',
        createScalingConfiguration(state),
      ),
      DescribeScalingConfigurations: describeScalingConfigurations(state),
      ModifyScalingConfiguration: modifyScalingConfiguration(state),
      DeleteScalingConfiguration: deleteScalingConfiguration(state),
      CreateLifecycleHook: createLifecycleHook(state),
      DescribeLifecycleHooks: describeLifecycleHooks(state),
      ModifyLifecycleHook: modifyLifecycleHook(state),
      DeleteLifecycleHook: deleteLifecycleHook(state),
      DescribeLifecycleActions: describeLifecycleActions(state),
      CompleteLifecycleAction: once('CompleteLifecycleAction', completeLifecycleAction(state)),
      CreateScalingRule: createScalingRule(state),
      DescribeScalingRules: describeScalingRules(state),
      ModifyScalingRule: modifyScalingRule(state),
      DeleteScalingRule: deleteScalingRule(state),
      ExecuteScalingRule: once('ExecuteScalingRule', executeScalingRule(state)),
      DescribeAlarms: describeAlarmTasks(state),
      DescribeScalingInstances: describeScalingInstances(state),
      DescribeScalingActivities: describeScalingActivities(state),
      SetInstanceHealth: setInstanceHealth(state),
      SetInstancesProtection: setInstancesProtection(state),
      TagResources: tagEssResources(state),
      UntagResources: untagEssResources(state),
      ListTagResources: listEssTagResources(state),
    },
  }
}
