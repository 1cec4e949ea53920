import type { Action } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import type { EssState } from './ess-state.ts'
import { describeMember } from './member.ts'
import { describeActivity } from './scaling-activity.ts'
import { pageOf } from './values.ts'

/** Lists the instances of groups, on their way in or out as well. */
export function describeScalingInstances(state: EssState): Action {
  return {
    permission: 'ess:DescribeScalingInstances',
    parameters: optional(
      'ScalingGroupId',
      'ScalingConfigurationId',
      'ScalingActivityId',
      'InstanceId.N',
      'LifecycleState',
      'LifecycleStates.N',
      'HealthStatus',
      'CreationType',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const { parameters } = call
      const ids = listOf(parameters, 'InstanceId')
      const states = [
        ...listOf(parameters, 'LifecycleStates'),
        ...(parameters.LifecycleState ? [parameters.LifecycleState] : []),
      ]
      const wanted = (name: string, value: string): boolean =>
        !parameters[name] || parameters[name] === value
      const found = state.groups
        .in(call.region)
        .flatMap(({ members }) => members)
        .filter(({ scalingGroupId }) => wanted('ScalingGroupId', scalingGroupId))
        .filter(({ configurationId }) => wanted('ScalingConfigurationId', configurationId))
        .filter(({ activityId }) => wanted('ScalingActivityId', activityId))
        .filter(({ instanceId }) => ids.length === 0 || ids.includes(instanceId))
        .filter(({ lifecycleState }) => states.length === 0 || states.includes(lifecycleState))
        .filter(({ health }) => wanted('HealthStatus', health))
        .filter(() => wanted('CreationType', 'AutoCreated'))
      const { items, about } = pageOf(parameters, found)
      return {
        ...about,
        TotalSpotCount: 0,
        ScalingInstances: { ScalingInstance: items.map(describeMember) },
      }
    },
  }
}

/** Lists what groups have done, the newest first. */
export function describeScalingActivities(state: EssState): Action {
  return {
    permission: 'ess:DescribeScalingActivities',
    parameters: optional(
      'ScalingGroupId',
      'ScalingActivityId.N',
      'StatusCode',
      'PageNumber',
      'PageSize',
    ),
    handle(call) {
      const ids = listOf(call.parameters, 'ScalingActivityId')
      const { ScalingGroupId, StatusCode } = call.parameters
      const found = state.activities
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ scalingGroupId }) => !ScalingGroupId || scalingGroupId === ScalingGroupId)
        .filter(({ status }) => !StatusCode || status === StatusCode)
        .toReversed()
      const { items, about } = pageOf(call.parameters, found)
      return { ...about, ScalingActivities: { ScalingActivity: items.map(describeActivity) } }
    },
  }
}
