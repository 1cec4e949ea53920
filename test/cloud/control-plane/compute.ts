import type { Product } from './action.ts'
import { type AlbState, newAlbState } from './alb/alb-state.ts'
import { planOf } from './alb/balancing.ts'
import type { ListenerCertificate } from './alb/listener.ts'
import { Catalogue } from './catalogue/catalogue.ts'
import type { ComputeState, HardwareFault, Roles } from './compute-state.ts'
import { DEFAULT_DURATIONS, type Durations } from './durations.ts'
import type { InstanceStatus, MetadataOptions } from './ecs/instance.ts'
import { describeMachine } from './ecs/machine.ts'
import { ownRoute, publicRoute } from './ecs/public-routes.ts'
import { type EssState, newEssState } from './ess/ess-state.ts'
import type { BalancerPlan, Hardware, MachineDescription, PublicRoute } from './hardware.ts'
import { regionalProducts } from './products.ts'
import { ReferenceCounts } from './reference-counts.ts'
import { ResourceStore } from './resource-store.ts'

/** What ECS and VPC of an account stand on. */
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
  /** How long changes take, where it is not to be as usual. */
  durations?: Partial<Durations>
}

/** What a machine and its metadata service are told, and how its instance fares. */
export interface MachineView extends MachineDescription {
  status: InstanceStatus
  /** Why the machine did not do what it was told last. */
  fault: string | undefined
  metadata: Readonly<MetadataOptions>
  ramRoleName: string | undefined
  instanceName: string
  networkInterfaceId: string
  /** Of the vSwitch and of its VPC, in CIDR form. */
  vSwitchCidrBlock: string
  vpcCidrBlock: string
  /** The address that leads to it from outside. */
  eip: string | undefined
}

/** Load balancers of one account, and the hand that tests have in them. */
export interface Balancing {
  /** Puts a certificate into the account's certificate service; listeners name it by its id. */
  addCertificate(id: string, certificate: ListenerCertificate): void
  /** What the load balancer of a name does now; undefined where there is none. */
  find(dnsName: string): BalancerPlan | undefined
  /** What all load balancers do now. */
  all(): BalancerPlan[]
}

/** Scaling groups of one account, and the hand that tests have in them. */
export interface Scaling {
  /** Sets what rules read of a group from now on, e.g. `CpuUtilization`. @throws Error */
  setMetric(groupId: string, name: string, value: number): void
  /** Ids of the groups, in the order of their creation. */
  groupIds(): string[]
  /** Ids of the instances of a group that are in service, in the order of their creation. */
  inService(groupId: string): string[]
}

/** ECS, VPC, ALB and Auto Scaling of one account. */
export interface Compute {
  products: readonly Product[]
  /** What there is to buy, and the hand that tests have in it. */
  catalogue: Catalogue
  /** Kind and id of everything that is still there, e.g. `instance i-…`; empty for a clean account. */
  leftovers(): string[]
  /** What the hardware failed to do, in order. */
  faults(): readonly HardwareFault[]
  /** The role whose credentials the metadata service of an instance gives out. */
  instanceRole(instanceId: string): string | undefined
  /** Where packets to an address from outside go, and which rules they must pass. */
  publicRoute(eip: string): PublicRoute | undefined
  describeMachine(instanceId: string): MachineView | undefined
  balancing: Balancing
  scaling: Scaling
  /** Has what goes on by itself go on no more. */
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

/** ECS, VPC, ALB and Auto Scaling of a new account in which nothing is yet. */
export function createCompute(options: ComputeOptions): Compute {
  const state: ComputeState = {
    accountId: options.accountId,
    region: options.region,
    now: () => options.now(),
    hardware: options.hardware,
    roles: options.roles,
    consistencyMs: options.consistencyMs ?? 0,
    durations: { ...DEFAULT_DURATIONS, ...options.durations },
    catalogue: new Catalogue(),
    vpcs: new ResourceStore(),
    vSwitches: new ResourceStore(),
    vSwitchDeletions: new ReferenceCounts(),
    securityGroups: new ResourceStore(),
    instances: new ResourceStore(),
    interfaces: new ResourceStore(),
    eips: new ResourceStore(),
    routes: new Map(),
    faults: [],
  }
  const alb = newAlbState(state)
  const ess = newEssState(state, alb)
  return {
    products: regionalProducts(state, alb, ess),
    catalogue: state.catalogue,
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
