import type { Actions } from '../action.ts'
import { listAction } from '../list-action.ts'
import type { EssState } from './ess-state.ts'
import { describeMember } from './member.ts'
import { describeActivity } from './scaling-activity.ts'
import { pages } from './values.ts'

/** Returns the actions that list the instances of groups and what groups have done. */
export function scalingInstanceActions(state: EssState): Actions {
  return {
    /** Includes instances that are being added or removed. */
    DescribeScalingInstances: listAction({
      all: () => state.groups.all().flatMap(({ members }) => members),
      filters: {
        ScalingGroupId: ({ scalingGroupId }) => scalingGroupId,
        ScalingConfigurationId: ({ configurationId }) => configurationId,
        ScalingActivityId: ({ activityId }) => activityId,
        'InstanceId.N': ({ instanceId }) => instanceId,
        LifecycleState: ({ lifecycleState }) => lifecycleState,
        'LifecycleStates.N': ({ lifecycleState }) => lifecycleState,
        HealthStatus: ({ health }) => health,
        CreationType: () => 'AutoCreated',
      },
      paging: pages,
      answer: (members) => ({
        TotalSpotCount: 0,
        ScalingInstances: { ScalingInstance: members.map(describeMember) },
      }),
    }),
    /** The newest activity comes first. */
    DescribeScalingActivities: listAction({
      all: () => state.activities.all().toReversed(),
      filters: {
        'ScalingActivityId.N': ({ id }) => id,
        ScalingGroupId: ({ scalingGroupId }) => scalingGroupId,
        StatusCode: ({ status }) => status,
      },
      paging: pages,
      answer: (activities) => ({
        ScalingActivities: { ScalingActivity: activities.map(describeActivity) },
      }),
    }),
  }
}
