import type { ResourceTags } from '../resource-tags.ts'
import { minuteText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'
import type { Member } from './member.ts'

/** How a group spreads instances over its zones. */
export type MultiAzPolicy = 'PRIORITY' | 'BALANCE' | 'COST_OPTIMIZED' | 'COMPOSABLE'

/** Which instances are removed first. */
export type RemovalPolicy = 'OldestInstance' | 'NewestInstance' | 'OldestScalingConfiguration'

/** The source of a group's health checks. */
export type HealthCheckType = 'ECS' | 'LOAD_BALANCER' | 'NONE'

/** An ALB server group that instances join. */
export interface AttachedServerGroup {
  id: string
  port: number
  weight: number
}

/** Settings that have no effect here and are only returned. */
export interface GroupExtras {
  allocationStrategy: string
  spotAllocationStrategy: string
  onDemandBaseCapacity: number
  onDemandPercentageAboveBaseCapacity: number
  spotInstanceRemedy: boolean
  compensateWithOnDemand: boolean
  azBalance: boolean
}

/** A group that maintains a number of equal instances. */
export interface ScalingGroup {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly vpcId: string
  readonly multiAzPolicy: MultiAzPolicy
  readonly tags: ResourceTags
  /** Includes instances that are being added or removed. */
  readonly members: Member[]
  /** Values of metrics, by name, as tests set them. */
  readonly metrics: Map<string, number>
  /** When metrics are read next, and when the warm-up of new instances ends. */
  readonly clock: { metricsAt: number; warmUntil: number }
  modifiedAt: number
  name: string
  minSize: number
  maxSize: number
  /** Undefined where only the bounds are set. */
  desiredCapacity: number | undefined
  /** The number of instances to reach. */
  target: number
  cooldownSeconds: number
  vSwitchIds: string[]
  healthCheckTypes: HealthCheckType[]
  /** Whether the parameters were a list. */
  healthCheckListed: boolean
  removalPolicies: RemovalPolicy[]
  albServerGroups: AttachedServerGroup[]
  scalingPolicy: string
  deletionProtection: boolean
  lifecycleState: 'Inactive' | 'Active' | 'Deleting'
  activeConfigurationId: string | undefined
  extras: GroupExtras
}

function count({ members }: ScalingGroup, ...states: Member['lifecycleState'][]): number {
  return members.filter(({ lifecycleState }) => states.includes(lifecycleState)).length
}

/** Returns an item of DescribeScalingGroups. */
export function describeScalingGroup(group: ScalingGroup): object {
  const { extras } = group
  const optional = {
    ...(group.desiredCapacity === undefined ? {} : { DesiredCapacity: group.desiredCapacity }),
    ...(group.activeConfigurationId === undefined
      ? {}
      : { ActiveScalingConfigurationId: group.activeConfigurationId }),
    // The provider reads the list only where this field is absent.
    ...(group.healthCheckListed ? {} : { HealthCheckType: group.healthCheckTypes[0] }),
  }
  return {
    ...optional,
    ScalingGroupId: group.id,
    ScalingGroupName: group.name,
    LifecycleState: group.lifecycleState,
    RegionId: group.region,
    VpcId: group.vpcId,
    VSwitchId: group.vSwitchIds[0],
    VSwitchIds: { VSwitchId: group.vSwitchIds },
    MinSize: group.minSize,
    MaxSize: group.maxSize,
    DefaultCooldown: group.cooldownSeconds,
    MultiAZPolicy: group.multiAzPolicy,
    GroupType: 'ECS',
    HealthCheckTypes: { HealthCheckType: group.healthCheckTypes },
    RemovalPolicies: { RemovalPolicy: group.removalPolicies },
    ScalingPolicy: group.scalingPolicy,
    GroupDeletionProtection: group.deletionProtection,
    CreationTime: minuteText(group.createdAt),
    ModificationTime: minuteText(group.modifiedAt),
    TotalCapacity: group.members.length,
    TotalInstanceCount: group.members.length,
    ActiveCapacity: count(group, 'InService'),
    PendingCapacity: count(group, 'Pending'),
    PendingWaitCapacity: count(group, 'Pending:Wait'),
    ProtectedCapacity: count(group, 'Protected'),
    RemovingCapacity: count(group, 'Removing'),
    RemovingWaitCapacity: count(group, 'Removing:Wait'),
    StandbyCapacity: 0,
    StoppedCapacity: 0,
    SpotCapacity: 0,
    DBInstanceIds: { DBInstanceId: [] },
    LoadBalancerIds: { LoadBalancerId: [] },
    VServerGroups: { VServerGroup: [] },
    SuspendedProcesses: { SuspendedProcess: [] },
    AlbServerGroups: {
      AlbServerGroup: group.albServerGroups.map(({ id, port, weight }) => ({
        AlbServerGroupId: id,
        Port: port,
        Weight: weight,
      })),
    },
    AllocationStrategy: extras.allocationStrategy,
    SpotAllocationStrategy: extras.spotAllocationStrategy,
    OnDemandBaseCapacity: extras.onDemandBaseCapacity,
    OnDemandPercentageAboveBaseCapacity: extras.onDemandPercentageAboveBaseCapacity,
    SpotInstanceRemedy: extras.spotInstanceRemedy,
    CompensateWithOnDemand: extras.compensateWithOnDemand,
    AzBalance: extras.azBalance,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    SystemSuspended: false,
  }
}
