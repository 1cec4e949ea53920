import { newResourceId } from '../resource-id.ts'
import { type ResourceTags, vpcTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from './vpc.ts'

/** Lifecycle of an EIP. */
export type EipStatus = 'Available' | 'Associating' | 'InUse' | 'Unassociating'

/** An elastic IP address. */
export interface Eip {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  /** Dotted decimal. */
  readonly address: string
  readonly internetChargeType: 'PayByTraffic' | 'PayByBandwidth'
  readonly isp: string
  readonly tags: ResourceTags
  status: EipStatus
  name: string
  description: string
  /** Mbit/s. */
  bandwidth: number
  /** The instance that it is bound to, or is being bound to or unbound from. */
  instanceId: string | undefined
}

/** Returns an EIP that is not bound. */
export function newEip(wanted: Omit<Eip, 'id' | 'status' | 'instanceId'>): Eip {
  return {
    ...wanted,
    id: newResourceId('eip', wanted.region),
    status: 'Available',
    instanceId: undefined,
  }
}

/**
 * An item of DescribeEipAddresses. VpcId and PrivateIpAddress stay empty for a binding to an ECS
 * instance: filled, the provider plans to replace the association at every preview.
 */
export function describeEip(eip: Eip): object {
  return {
    AllocationId: eip.id,
    IpAddress: eip.address,
    Name: eip.name,
    Description: eip.description,
    Descritpion: eip.description,
    Status: eip.status,
    InstanceId: eip.instanceId ?? '',
    InstanceType: eip.instanceId === undefined ? '' : 'EcsInstance',
    InstanceRegionId: eip.instanceId === undefined ? '' : eip.region,
    Mode: eip.instanceId === undefined ? '' : 'NAT',
    PrivateIpAddress: '',
    VpcId: '',
    RegionId: eip.region,
    Bandwidth: String(eip.bandwidth),
    EipBandwidth: String(eip.bandwidth),
    InternetChargeType: eip.internetChargeType,
    ChargeType: 'PostPaid',
    ISP: eip.isp,
    Netmode: 'public',
    AllocationTime: secondText(eip.createdAt),
    ExpiredTime: '',
    BusinessStatus: 'Normal',
    DeletionProtection: false,
    HDMonitorStatus: 'OFF',
    SecondLimited: false,
    ServiceManaged: 0,
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    BandwidthPackageId: '',
    BandwidthPackageType: '',
    BandwidthPackageBandwidth: '',
    SegmentInstanceId: '',
    PublicIpAddressPoolId: '',
    Zone: '',
    BizType: '',
    AvailableRegions: { AvailableRegion: [eip.region] },
    SecurityProtectionTypes: { SecurityProtectionType: [] },
    OperationLocks: { LockReason: [] },
    Tags: vpcTags(eip.tags),
  }
}
