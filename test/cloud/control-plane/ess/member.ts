import { minuteText } from '../time-text.ts'

/** Lifecycle states of an instance in a group. */
export type MemberState =
  | 'Pending'
  | 'Pending:Wait'
  | 'InService'
  | 'Protected'
  | 'Removing'
  | 'Removing:Wait'

/** A hook that an instance waits for, and the end of the wait. */
export interface PendingHook {
  hookId: string
  /** Milliseconds since 1970 on the simulated cloud's clock. */
  until: number
  result: 'CONTINUE' | 'ABANDON' | undefined
}

/** An instance of a scaling group. */
export interface Member {
  readonly instanceId: string
  readonly scalingGroupId: string
  readonly configurationId: string
  readonly instanceType: string
  readonly zoneId: string
  readonly vSwitchId: string
  readonly privateIp: string
  readonly createdAt: number
  activityId: string
  lifecycleState: MemberState
  health: 'Healthy' | 'Unhealthy'
  /** Whether every load balancer has found it healthy at least once. */
  wasHealthy: boolean
  /** When it came into service. */
  inServiceAt: number | undefined
  hooks: PendingHook[]
}

/** Returns whether it is not being removed. */
export function stays({ lifecycleState }: Member): boolean {
  return lifecycleState !== 'Removing' && lifecycleState !== 'Removing:Wait'
}

/** Returns an item of DescribeScalingInstances. */
export function describeMember(member: Member): object {
  return {
    InstanceId: member.instanceId,
    ScalingInstanceId: member.instanceId,
    ScalingGroupId: member.scalingGroupId,
    ScalingConfigurationId: member.configurationId,
    ScalingActivityId: member.activityId,
    InstanceType: member.instanceType,
    ZoneId: member.zoneId,
    PrivateIpAddress: member.privateIp,
    HealthStatus: member.health,
    LifecycleState: member.lifecycleState,
    CreationType: 'AutoCreated',
    CreationTime: minuteText(member.createdAt),
    CreatedTime: minuteText(member.createdAt),
    WarmupState: 'NoNeedWarmup',
    SpotStrategy: 'NoSpot',
    LoadBalancerWeight: 50,
    WeightedCapacity: 1,
    Entrusted: false,
  }
}
