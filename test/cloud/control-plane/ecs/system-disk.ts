import type { DiskCategory } from '../catalogue/instance-types.ts'
import { newResourceId } from '../resource-id.ts'
import { ecsTags, type ResourceTags } from '../resource-tags.ts'
import { secondText } from '../time-text.ts'
import { DEFAULT_RESOURCE_GROUP } from '../vpc/vpc.ts'

/** The disk that an instance boots from; it is deleted with the instance. */
export interface SystemDisk {
  readonly id: string
  readonly createdAt: number
  readonly category: DiskCategory
  readonly imageId: string
  readonly encrypted: boolean
  readonly tags: ResourceTags
  /** GiB. */
  size: number
  /** PL0 to PL3 for cloud_essd, empty for the others. */
  performanceLevel: string
  name: string
  description: string
}

/** Returns a system disk that holds an image. */
export function newSystemDisk(region: string, wanted: Omit<SystemDisk, 'id'>): SystemDisk {
  return { ...wanted, id: newResourceId('d', region) }
}

/** Returns an item of DescribeDisks. */
export function describeSystemDisk(
  disk: SystemDisk,
  instance: { id: string; region: string; zoneId: string },
): object {
  return {
    DiskId: disk.id,
    DiskName: disk.name,
    Description: disk.description,
    Type: 'system',
    Category: disk.category,
    PerformanceLevel: disk.performanceLevel,
    Size: disk.size,
    Status: 'In_use',
    InstanceId: instance.id,
    MountInstanceNum: 1,
    Device: '/dev/xvda',
    ImageId: disk.imageId,
    RegionId: instance.region,
    ZoneId: instance.zoneId,
    Encrypted: disk.encrypted,
    KMSKeyId: '',
    BurstingEnabled: false,
    ProvisionedIops: 0,
    Portable: false,
    DeleteWithInstance: true,
    DeleteAutoSnapshot: true,
    EnableAutoSnapshot: true,
    EnableAutomatedSnapshotPolicy: false,
    AutoSnapshotPolicyId: '',
    SourceSnapshotId: '',
    StorageSetId: '',
    StorageClusterId: '',
    DiskChargeType: 'PostPaid',
    MultiAttach: 'Disabled',
    ProductCode: '',
    ResourceGroupId: DEFAULT_RESOURCE_GROUP,
    CreationTime: secondText(disk.createdAt),
    AttachedTime: secondText(disk.createdAt),
    DetachedTime: '',
    ExpiredTime: '2999-09-08T16:00Z',
    OperationLocks: { OperationLock: [] },
    MountInstances: { MountInstance: [] },
    Tags: ecsTags(disk.tags),
  }
}
