import type { Product } from './action.ts'
import { type AlbState, newAlbState } from './alb/alb-state.ts'
import { planOf } from './alb/balancing.ts'
import type { ListenerCertificate } from './alb/listener.ts'
import { Catalogue } from './catalogue/catalogue.ts'
import {
  type ComputeState,
  DEFAULT_LIMITS,
  type HardwareFault,
  type Limits,
  type Roles,
} from './compute-state.ts'
import { DEFAULT_DURATIONS, type Durations } from './durations.ts'
import type { InstanceStatus, MetadataOptions } from './ecs/instance.ts'
import { describeMachine } from './ecs/machine.ts'
import { ownRoute, publicRoute } from './ecs/public-routes.ts'
import { type EssState, newEssState } from './ess/ess-state.ts'
import type { BalancerPlan, Hardware, MachineDescription, PublicRoute } from './hardware.ts'
import { regionalProducts } from './products.ts'
import { quotaUsage } from './quota-usage.ts'
import { ReferenceCounts } from './reference-counts.ts'
import { ResourceStore } from './resource-store.ts'

/** Options of one region of an account. */
export interface ComputeOptions {
  accountId: string
  /** E.g. `ap-southeast-1`. */
  region: string
  /** Milliseconds since 1970 on the simulated cloud's clock. */
  now(): number
  hardware: Hardware
  roles: Roles
  /**
   * How long after its creation an instance or EIP may be missing from lists, in milliseconds.
   *
   * @default 0
   */
  consistencyMs?: number
  /** How long changes take. @default DEFAULT_DURATIONS */
  durations?: Partial<Durations>
  /** Whether the account encrypts disks by default. @default false */
  encryptsDisks?: boolean
}

/** What a machine and its metadata service get, and the state of the instance. */
export interface MachineView extends MachineDescription {
  status: InstanceStatus
  /** Why the last operation on the machine failed. */
  fault: string | undefined
  metadata: Readonly<MetadataOptions>
  ramRoleName: string | undefined
  instanceName: string
  networkInterfaceId: string
  /** Of the vSwitch and of its VPC, in CIDR form. */
  vSwitchCidrBlock: string
  vpcCidrBlock: string
  /** Its public address. */
  eip: string | undefined
}

/** Load balancers of one region, for tests. */
export interface Balancing {
  /** Adds a certificate to the certificate service; listeners name it by its id. */
  addCertificate(id: string, certificate: ListenerCertificate): void
  /** Returns what the load balancer of a name does now. */
  find(dnsName: string): BalancerPlan | undefined
  /** Returns what all load balancers do now. */
  all(): BalancerPlan[]
}

/** Scaling groups of one region, for tests. */
export interface Scaling {
  /** Sets a metric of a group, e.g. `CpuUtilization`. @throws Error */
  setMetric(groupId: string, name: string, value: number): void
  /** Returns the ids of the groups in the order of creation. */
  groupIds(): string[]
  /** Returns the ids of a group's instances in service, in the order of creation. */
  inService(groupId: string): string[]
}

/** ECS, VPC, ALB and Auto Scaling of an account in one region. */
export interface Compute {
  products: readonly Product[]
  /** What is on sale, which tests can change. */
  catalogue: Catalogue
  limits: Limits
  /** Returns how much of each quota is used. */
  quotaUsage(): Limits
  /** Returns kind and id of every resource, e.g. `instance i-…`. */
  leftovers(): string[]
  /** Returns failed operations of the hardware, in order. */
  faults(): readonly HardwareFault[]
  /** Returns the role of an instance. */
  instanceRole(instanceId: string): string | undefined
  /** Returns the instance behind a public address, and its rules. */
  publicRoute(eip: string): PublicRoute | undefined
  describeMachine(instanceId: string): MachineView | undefined
  balancing: Balancing
  scaling: Scaling
  /** Ends loops such as health checks. */
  close(): void
}

function viewMachine(state: ComputeState, instanceId: string): MachineView | undefined {
  const instance = state.instances.get(instanceId)
  if (!instance) return undefined
  const { networkInterface } = instance
  const eip = state.eips.all().find((each) => each.instanceId === instanceId)
  return {
    ...describeMachine(instance),
    status: instance.status,
    fault: instance.fault,
    metadata: { ...instance.metadata },
    ramRoleName: instance.ramRoleName,
    instanceName: instance.name,
    networkInterfaceId: networkInterface.id,
    vSwitchCidrBlock: state.vSwitches.get(networkInterface.vSwitchId)?.cidrBlock ?? '',
    vpcCidrBlock: state.vpcs.get(networkInterface.vpcId)?.cidrBlock ?? '',
    eip: eip?.status === 'InUse' ? eip.address : instance.publicIp,
  }
}

function listLeftovers(state: ComputeState, alb: AlbState, ess: EssState): string[] {
  const kinds = {
    'scaling group': ess.groups,
    'scaling configuration': ess.configurations,
    'lifecycle hook': ess.hooks,
    'scaling rule': ess.rules,
    'load balancer': alb.loadBalancers,
    listener: alb.listeners,
    'server group': alb.serverGroups,
    vpc: state.vpcs,
    vswitch: state.vSwitches,
    'security group': state.securityGroups,
    instance: state.instances,
    'network interface': state.interfaces,
    eip: state.eips,
  }
  return Object.entries(kinds).flatMap(([kind, store]) =>
    store.all().map(({ id }) => `${kind} ${id}`),
  )
}

function scalingOf({ groups }: EssState): Scaling {
  const require = (id: string) => {
    const group = groups.get(id)
    if (!group) throw new Error(`There is no scaling group ${id}`)
    return group
  }
  return {
    setMetric: (id, name, value) => void require(id).metrics.set(name, value),
    groupIds: () => groups.all().map(({ id }) => id),
    inService: (id) =>
      require(id)
        .members.filter(({ lifecycleState }) => lifecycleState === 'InService')
        .map(({ instanceId }) => instanceId),
  }
}

/** Returns one region of an account without any resource. */
export function createCompute(options: ComputeOptions): Compute {
  const state: ComputeState = {
    accountId: options.accountId,
    region: options.region,
    now: () => options.now(),
    hardware: options.hardware,
    roles: options.roles,
    consistencyMs: options.consistencyMs ?? 0,
    durations: { ...DEFAULT_DURATIONS, ...options.durations },
    encryptsDisks: options.encryptsDisks ?? false,
    catalogue: new Catalogue(),
    limits: { ...DEFAULT_LIMITS },
    vpcs: new ResourceStore(),
    vSwitches: new ResourceStore(),
    vSwitchDeletions: new ReferenceCounts(),
    securityGroups: new ResourceStore(),
    instances: new ResourceStore(),
    interfaces: new ResourceStore(),
    eips: new ResourceStore(),
    balancerEips: new Set(),
    routes: new Map(),
    faults: [],
  }
  const alb = newAlbState(state)
  const ess = newEssState(state, alb)
  return {
    products: regionalProducts(state, alb, ess),
    catalogue: state.catalogue,
    limits: state.limits,
    quotaUsage: () => quotaUsage(state),
    leftovers: () => listLeftovers(state, alb, ess),
    faults: () => state.faults,
    instanceRole: (instanceId) => state.instances.get(instanceId)?.ramRoleName,
    publicRoute(address) {
      const eip = state.eips.all().find((each) => each.address === address)
      if (eip) return publicRoute(state, eip)
      const instance = state.instances.all().find((each) => each.publicIp === address)
      return instance && ownRoute(state, instance)
    },
    describeMachine: (instanceId) => viewMachine(state, instanceId),
    balancing: {
      addCertificate: (id, certificate) => void alb.certificates.set(id, certificate),
      find(dnsName) {
        const balancer = alb.loadBalancers.all().find((each) => each.dnsName === dnsName)
        return balancer && planOf(alb, balancer)
      },
      all: () => alb.loadBalancers.all().map((balancer) => planOf(alb, balancer)),
    },
    scaling: scalingOf(ess),
    close: () => {
      alb.closed = true
    },
  }
}
