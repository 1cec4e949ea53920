import type { Resource } from '../resource-store.ts'
import { type ResourceTags, vpcTags } from '../resource-tags.ts'
import { minuteText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'

/** What instances of a group are made of. */
export interface ScalingConfiguration extends Resource {
  readonly scalingGroupId: string
  name: string
  imageId: string
  /** In the order to try. */
  instanceTypes: string[]
  securityGroupIds: string[]
  /** Whether the groups were given as a list. */
  securityGroupsListed: boolean
  /** Base64 as sent; empty if none was. */
  userData: string
  ramRoleName: string
  instanceName: string
  hostName: string
  description: string
  /** GiB; undefined for the size of the image. */
  systemDiskSize: number | undefined
  systemDiskCategory: string
  systemDiskPerformanceLevel: string
  systemDiskName: string
  systemDiskDescription: string
  systemDiskEncrypted: boolean
  internetChargeType: string
  internetMaxBandwidthOut: number
  creditSpecification: string
  securityEnhancementStrategy: string
  spotStrategy: string
  httpEndpoint: string
  httpTokens: string
  /** Empty where none was set. */
  password: string
  passwordInherit: boolean
  deletionProtection: boolean
  tags: ResourceTags
}

/** Returns an item of DescribeScalingConfigurations. */
export function describeConfiguration(
  configuration: ScalingConfiguration,
  active: boolean,
): object {
  const [firstType = ''] = configuration.instanceTypes
  const [firstGroup = ''] = configuration.securityGroupIds
  const texts = {
    UserData: configuration.userData,
    RamRoleName: configuration.ramRoleName,
    InstanceName: configuration.instanceName,
    HostName: configuration.hostName,
    InstanceDescription: configuration.description,
    SystemDiskCategory: configuration.systemDiskCategory,
    SystemDiskPerformanceLevel: configuration.systemDiskPerformanceLevel,
    SystemDiskName: configuration.systemDiskName,
    SystemDiskDescription: configuration.systemDiskDescription,
    InternetChargeType: configuration.internetChargeType,
    CreditSpecification: configuration.creditSpecification,
    SecurityEnhancementStrategy: configuration.securityEnhancementStrategy,
    HttpEndpoint: configuration.httpEndpoint,
    HttpTokens: configuration.httpTokens,
  }
  return {
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(configuration.systemDiskSize === undefined
      ? {}
      : { SystemDiskSize: configuration.systemDiskSize }),
    ...(configuration.securityGroupsListed ? {} : { SecurityGroupId: firstGroup }),
    ScalingConfigurationId: configuration.id,
    ScalingConfigurationName: configuration.name,
    ScalingGroupId: configuration.scalingGroupId,
    LifecycleState: active ? 'Active' : 'Inactive',
    CreationTime: minuteText(configuration.createdAt),
    ImageId: configuration.imageId,
    InstanceType: firstType,
    InstanceTypes: { InstanceType: configuration.instanceTypes },
    WeightedCapacities: { WeightedCapacity: [] },
    SecurityGroupIds: { SecurityGroupId: configuration.securityGroupIds },
    InternetMaxBandwidthOut: configuration.internetMaxBandwidthOut,
    InternetMaxBandwidthIn: 200,
    IoOptimized: 'optimized',
    InstanceGeneration: 'ecs-3',
    SpotStrategy: configuration.spotStrategy,
    LoadBalancerWeight: 50,
    PasswordInherit: configuration.passwordInherit,
    PasswordSetted: configuration.password !== '',
    DeletionProtection: configuration.deletionProtection,
    'SystemDisk.Encrypted': configuration.systemDiskEncrypted,
    'ImageOptions.LoginAsNonRoot': false,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    DataDisks: { DataDisk: [] },
    Tags: vpcTags(configuration.tags),
  }
}
