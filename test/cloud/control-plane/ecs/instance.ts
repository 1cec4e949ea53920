import type { Image } from '../catalogue/images.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ResourceTags } from '../resource-tags.ts'
import type { NetworkInterface } from './network-interface.ts'
import type { SystemDisk } from './system-disk.ts'
import type { WorkQueue } from './work-queue.ts'

/** What an instance goes through. */
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
  /** What is done to the machine behind it, in order. */
  readonly power: WorkQueue
  status: InstanceStatus
  /** DeleteInstance has been called. */
  releasing: boolean
  /** Why the machine behind it did not do what it was told last. */
  fault: string | undefined
  /** When it last became Running. */
  startedAt: number | undefined
  name: string
  description: string
  hostName: string
  /** Base64, as it was given; empty if none was. */
  userData: string
  /** Whether a password has been set: the password itself is not kept. */
  hasPassword: boolean
  type: InstanceType
  image: Image
  disk: SystemDisk
  ramRoleName: string | undefined
  deletionProtection: boolean
  creditSpecification: string
  stoppedMode: string
  /** Mbit/s to the internet by an address of its own; 0 for an instance without one. */
  readonly bandwidthOut: number
  /** That address, which is the instance's as long as it lives. */
  readonly publicIp: string | undefined
}
