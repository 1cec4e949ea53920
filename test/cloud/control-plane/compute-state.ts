import type { Catalogue } from './catalogue/catalogue.ts'
import type { Durations } from './durations.ts'
import type { Instance } from './ecs/instance.ts'
import type { NetworkInterface } from './ecs/network-interface.ts'
import type { SecurityGroup } from './ecs/security-group.ts'
import type { Hardware, PublicRoute } from './hardware.ts'
import type { ReferenceCounts } from './reference-counts.ts'
import type { ResourceStore } from './resource-store.ts'
import type { Eip } from './vpc/eip.ts'
import type { Vpc } from './vpc/vpc.ts'
import type { VSwitch } from './vpc/vswitch.ts'

/** Roles in RAM. */
export interface Roles {
  /** Returns whether the role exists and trusts `ecs.aliyuncs.com`. */
  trustsEcs(roleName: string): boolean
  /** Returns whether the role exists. */
  exists?(roleName: string): boolean
  /** Returns whether a service has its service-linked role. @default it has */
  isLinked?(serviceName: string): boolean
}

/** An operation that failed in the hardware, or a change that failed in the simulation. */
export interface HardwareFault {
  instanceId: string
  operation: 'start' | 'stop' | 'remove' | 'route' | 'change'
  message: string
}

/** Quotas of an account in one region, which tests can lower. */
export interface Limits {
  vpcs: number
  /** Those of load balancers count, too. At most 20. */
  eips: number
  /** Of pay-as-you-go instances. */
  vcpus: number
}

/** Source: "Limits and quotas" of VPC and EIP, "Limits" of ECS. */
export const DEFAULT_LIMITS: Readonly<Limits> = { vpcs: 10, eips: 20, vcpus: 100 }

/** Everything an account has in ECS and VPC in one region, and what the two products stand on. */
export interface ComputeState {
  readonly accountId: string
  /** Of everything in it, e.g. `ap-southeast-1`. */
  readonly region: string
  readonly now: () => number
  readonly hardware: Hardware
  readonly roles: Roles
  /** How long after its creation a resource may be missing from lists. */
  readonly consistencyMs: number
  readonly durations: Durations
  /** Whether the account encrypts disks by default. */
  readonly encryptsDisks: boolean
  readonly catalogue: Catalogue
  readonly limits: Limits
  readonly vpcs: ResourceStore<Vpc>
  readonly vSwitches: ResourceStore<VSwitch>
  /** Ids of VPCs, once for each of their vSwitches that is still being deleted. */
  readonly vSwitchDeletions: ReferenceCounts
  readonly securityGroups: ResourceStore<SecurityGroup>
  readonly instances: ResourceStore<Instance>
  readonly interfaces: ResourceStore<NetworkInterface>
  readonly eips: ResourceStore<Eip>
  /** Allocation ids of the EIPs of load balancers, one for each zone. */
  readonly balancerEips: Set<string>
  /** The routes that the hardware has. */
  readonly routes: Map<string, PublicRoute>
  readonly faults: HardwareFault[]
}
