import { newResourceId } from '../resource-id.ts'
import type { Resource, ResourceStore } from '../resource-store.ts'
import { minuteText } from '../time-text.ts'
import type { ScalingGroup } from './scaling-group.ts'

/** A change of a group's number of instances. */
export interface ScalingActivity extends Resource {
  readonly scalingGroupId: string
  /** The reason. */
  readonly cause: string
  readonly description: string
  status: 'InProgress' | 'Successful' | 'Warning' | 'Failed'
  statusMessage: string
  endedAt: number | undefined
  created: string[]
  destroyed: string[]
  /** Instances of the group when it ended. */
  totalCapacity: number
}

/** The part of the state of Auto Scaling that activities need. */
interface ActivityState {
  readonly compute: { now(): number }
  readonly activities: ResourceStore<ScalingActivity>
}

/** Starts an activity. */
export function startActivity(
  state: ActivityState,
  group: ScalingGroup,
  cause: string,
  description: string,
): ScalingActivity {
  const activity: ScalingActivity = {
    id: newResourceId('asa', group.region),
    region: group.region,
    createdAt: state.compute.now(),
    scalingGroupId: group.id,
    cause,
    description,
    status: 'InProgress',
    statusMessage: '',
    endedAt: undefined,
    created: [],
    destroyed: [],
    totalCapacity: group.members.length,
  }
  state.activities.add(activity)
  return activity
}

/** Ends an activity: Successful, or Failed or Warning where something failed. */
export function endActivity(
  state: ActivityState,
  group: ScalingGroup,
  activity: ScalingActivity,
  failures: readonly string[],
): void {
  const done = activity.created.length + activity.destroyed.length > 0
  activity.status = failures.length === 0 ? 'Successful' : done ? 'Warning' : 'Failed'
  activity.statusMessage = failures[0] ?? ''
  activity.endedAt = state.compute.now()
  activity.totalCapacity = group.members.length
}

/** Returns an item of DescribeScalingActivities. */
export function describeActivity(activity: ScalingActivity): object {
  return {
    ScalingActivityId: activity.id,
    ScalingGroupId: activity.scalingGroupId,
    StatusCode: activity.status,
    StatusMessage: activity.statusMessage,
    Cause: activity.cause,
    Description: activity.description,
    Progress: activity.status === 'InProgress' ? 50 : 100,
    StartTime: minuteText(activity.createdAt),
    EndTime: activity.endedAt === undefined ? '' : minuteText(activity.endedAt),
    TotalCapacity: String(activity.totalCapacity),
    AutoCreatedCapacity: String(activity.totalCapacity),
    AttachedCapacity: '0',
    ScalingInstanceNumber: activity.created.length + activity.destroyed.length,
    CreatedCapacity: activity.created.length,
    DestroyedCapacity: activity.destroyed.length,
    CreatedInstances: { CreatedInstance: activity.created },
    DestroyedInstances: { DestroyedInstance: activity.destroyed },
  }
}
