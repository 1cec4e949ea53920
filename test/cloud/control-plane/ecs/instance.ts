import type { Image } from '../catalogue/images.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { minuteText } from '../time-text.ts'
import { describeVpcAttributes, type NetworkInterface } from './network-interface.ts'
import type { SystemDisk } from './system-disk.ts'
import type { WorkQueue } from './work-queue.ts'

/** Lifecycle of an instance. */
export type InstanceStatus = 'Pending' | 'Starting' | 'Running' | 'Stopping' | 'Stopped'

/** How the metadata service of an instance answers. */
export interface MetadataOptions {
  httpEndpoint: 'enabled' | 'disabled'
  /** `required`: only with a session token. */
  httpTokens: 'optional' | 'required'
  hopLimit: number
}

/** An ECS instance. */
export interface Instance {
  readonly id: string
  readonly region: string
  readonly zoneId: string
  readonly createdAt: number
  readonly tags: ResourceTags
  readonly networkInterface: NetworkInterface
  readonly metadata: MetadataOptions
  readonly spotStrategy: string
  /** Work on the machine behind it, in order. */
  readonly power: WorkQueue
  status: InstanceStatus
  /** Whether DeleteInstance was called. */
  releasing: boolean
  /** Why the last operation on the machine failed. */
  fault: string | undefined
  /** When it last became Running. */
  startedAt: number | undefined
  name: string
  description: string
  hostName: string
  /** Base64 as sent; empty if none was. */
  userData: string
  /** Whether a password was set; the password is not stored. */
  hasPassword: boolean
  type: InstanceType
  image: Image
  disk: SystemDisk
  ramRoleName: string | undefined
  deletionProtection: boolean
  creditSpecification: string
  stoppedMode: string
  /** Mbit/s of its own public address; 0 without one. */
  readonly bandwidthOut: number
  /** Its own public address, for its whole life. */
  readonly publicIp: string | undefined
}

/** Returns what DescribeInstances and DescribeInstanceAttribute both say. */
export function describeInstanceBase(instance: Instance): object {
  const { type, networkInterface } = instance
  return {
    InstanceId: instance.id,
    InstanceName: instance.name,
    Description: instance.description,
    HostName: instance.hostName,
    Status: instance.status,
    RegionId: instance.region,
    ZoneId: instance.zoneId,
    ImageId: instance.image.id,
    InstanceType: type.id,
    Cpu: type.cpuCores,
    Memory: type.memory * 1024,
    InstanceNetworkType: 'vpc',
    InstanceChargeType: 'PostPaid',
    InternetChargeType: 'PayByTraffic',
    InternetMaxBandwidthIn: 0,
    CreditSpecification: instance.creditSpecification,
    StoppedMode: instance.stoppedMode,
    SerialNumber: instance.id.slice(2),
    CreationTime: minuteText(instance.createdAt),
    ExpiredTime: '2099-12-31T15:59Z',
    SecurityGroupIds: { SecurityGroupId: [...networkInterface.securityGroupIds] },
    InnerIpAddress: { IpAddress: [] },
    VpcAttributes: describeVpcAttributes(networkInterface),
    OperationLocks: { LockReason: [] },
  }
}
