import { afterEach, beforeEach, vi } from 'vitest'
import { ActionError } from '../../control-plane/action.ts'
import { type Compute, createCompute } from '../../control-plane/compute.ts'
import { checkParameters } from '../../control-plane/gateway/parameter-check.ts'
import type { Hardware } from '../../control-plane/hardware.ts'

export const REGION = 'ap-southeast-1'
export const ACCOUNT = '1234567890123456'
export const DEBIAN = 'debian_13_6_x64_20G_alibase_20261110.vhd'
export const DEBIAN_ARM = 'debian_13_6_arm64_20G_alibase_20261110.vhd'

/** The clock of every test here, on which timers stand still until `pass` moves it. */
export const START = Date.parse('2026-11-24T12:00:00Z')

/** How long `Durations` gives changes by default, with room to spare. */
export const LONG_ENOUGH = 10_000

/** An account, and the calls that its hardware got. */
export interface TestAccount {
  compute: Compute
  /** In order, e.g. `start i-1`. */
  hardwareCalls: string[]
  /** The answer, or the refusal as `STATUS CODE: MESSAGE`. */
  ecs(action: string, parameters?: Record<string, string>): Promise<unknown>
  vpc(action: string, parameters?: Record<string, string>): Promise<unknown>
  alb(action: string, parameters?: Record<string, string>): Promise<unknown>
  ess(action: string, parameters?: Record<string, string>): Promise<unknown>
}

export interface TestAccountOptions {
  hardware?: Partial<Hardware>
  consistencyMs?: number
  /** @default REGION */
  region?: string
  existingRoles?: readonly string[]
}

/** Moves clock and timers on. */
export async function pass(milliseconds = LONG_ENOUGH): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds)
}

/** The account that was opened last. */
export let account: TestAccount

/** The network that was made last, in `account`. */
export let network: TestNetwork

/** Opens an account before each test of a file. */
export function useAccount(options: TestAccountOptions = {}): void {
  beforeEach(() => void openAccount(options))
  afterEach(() => {
    account.compute.close()
    vi.useRealTimers()
  })
}

/** Opens an account with a network in it before each test of a file. */
export function useNetwork(options: TestAccountOptions = {}): void {
  useAccount(options)
  beforeEach(layNetwork)
}

/** Opens an account on fake timers, in which `server-role` trusts ECS, and makes it `account`. */
export function openAccount(options: TestAccountOptions = {}): TestAccount {
  vi.useFakeTimers({ now: START })
  const hardwareCalls: string[] = []
  const { hardware = {}, region = REGION } = options
  const compute = createCompute({
    accountId: ACCOUNT,
    region,
    now: Date.now,
    hardware: {
      ...hardware,
      async start(machine) {
        hardwareCalls.push(`start ${machine.instanceId}`)
        await hardware.start?.(machine)
      },
      async stop(instanceId) {
        hardwareCalls.push(`stop ${instanceId}`)
        await hardware.stop?.(instanceId)
      },
      async remove(instanceId) {
        hardwareCalls.push(`remove ${instanceId}`)
        await hardware.remove?.(instanceId)
      },
      async route(eip, target) {
        hardwareCalls.push(`route ${eip} ${target ? target.instanceId : 'nowhere'}`)
        await hardware.route?.(eip, target)
      },
    },
    roles: {
      trustsEcs: (name) => name === 'server-role',
      exists: (name) => name === 'server-role' || (options.existingRoles?.includes(name) ?? false),
    },
    consistencyMs: options.consistencyMs ?? 0,
  })
  const call = async (product: string, name: string, parameters: Record<string, string>) => {
    const action = compute.products.find(({ code }) => code === product)?.actions[name]
    if (!action) throw new Error(`no action ${product}:${name}`)
    const sent = { RegionId: region, ...parameters }
    try {
      checkParameters(action, name, sent)
      const call = { parameters: sent, region, requestId: 'r', now: Date.now() }
      return await action.handle(call)
    } catch (error) {
      if (!(error instanceof ActionError)) throw error
      return `${error.status} ${error.code}: ${error.message}`
    }
  }
  account = {
    compute,
    hardwareCalls,
    ecs: (action, parameters = {}) => call('ecs', action, parameters),
    vpc: (action, parameters = {}) => call('vpc', action, parameters),
    alb: (action, parameters = {}) => call('alb', action, parameters),
    ess: (action, parameters = {}) => call('ess', action, parameters),
  }
  return account
}

/**
 * A part of an answer, by the names and places that lead to it.
 *
 * @throws Error when there is no such part
 */
export async function part(answer: unknown, ...path: (string | number)[]): Promise<unknown> {
  let value = await answer
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !(step in value)) {
      throw new Error(`no ${path.join('.')} in ${JSON.stringify(await answer)}`)
    }
    value = Reflect.get(value, step)
  }
  return value
}

/** A part of an answer that is a text, such as an id. */
export async function text(answer: unknown, ...path: (string | number)[]): Promise<string> {
  const value = await part(answer, ...path)
  if (typeof value !== 'string') throw new Error(`${path.join('.')} is no text`)
  return value
}

/** Ids of a network in which a server can be run. */
export interface TestNetwork {
  vpcId: string
  vSwitchId: string
  groupId: string
}

/** Makes a VPC with a vSwitch in zone c and a group that lets port 80 in, and makes it `network`. */
export async function layNetwork(): Promise<TestNetwork> {
  const vpcId = await text(account.vpc('CreateVpc', { CidrBlock: '192.168.0.0/16' }), 'VpcId')
  await pass()
  const block = { ZoneId: 'ap-southeast-1c', CidrBlock: '192.168.1.0/24' }
  const vSwitch = account.vpc('CreateVSwitch', { VpcId: vpcId, ...block })
  const vSwitchId = await text(vSwitch, 'VSwitchId')
  await pass()
  const group = account.ecs('CreateSecurityGroup', { VpcId: vpcId })
  const groupId = await text(group, 'SecurityGroupId')
  await account.ecs('AuthorizeSecurityGroup', {
    SecurityGroupId: groupId,
    'Permissions.1.IpProtocol': 'tcp',
    'Permissions.1.PortRange': '80/80',
    'Permissions.1.SourceCidrIp': '0.0.0.0/0',
  })
  network = { vpcId, vSwitchId, groupId }
  return network
}

/** What RunInstances needs at the least for an economy type in that network. */
export function serverParameters({
  vSwitchId,
  groupId,
}: TestNetwork = network): Record<string, string> {
  return {
    InstanceType: 'ecs.e-c1m2.large',
    ImageId: DEBIAN,
    VSwitchId: vSwitchId,
    'SecurityGroupIds.1': groupId,
    'SystemDisk.Category': 'cloud_essd_entry',
  }
}

/** Runs a server and waits until it is up. */
export async function runServer(
  parameters: Record<string, string> = {},
  where: TestNetwork = network,
): Promise<string> {
  const answer = account.ecs('RunInstances', { ...serverParameters(where), ...parameters })
  const instanceId = await text(answer, 'InstanceIdSets', 'InstanceIdSet', 0)
  await pass()
  return instanceId
}

/** Allocates an address and gives its id and itself. */
export async function allocateEip(): Promise<{ id: string; address: string }> {
  const answer = await account.vpc('AllocateEipAddress', { InternetChargeType: 'PayByTraffic' })
  return { id: await text(answer, 'AllocationId'), address: await text(answer, 'EipAddress') }
}

/** Allocates an address, binds it to the instance and waits until it is in use. */
export async function bindEip(instanceId: string): Promise<{ id: string; address: string }> {
  const eip = await allocateEip()
  await account.vpc('AssociateEipAddress', { AllocationId: eip.id, InstanceId: instanceId })
  await pass()
  return eip
}

/** What DescribeInstances says of one instance: a list of one, or empty when it is not listed. */
export async function showInstance(instanceId: string): Promise<unknown> {
  const answer = await account.ecs('DescribeInstances', {
    InstanceIds: JSON.stringify([instanceId]),
    'AdditionalAttributes.1': 'META_OPTIONS',
  })
  return part(answer, 'Instances', 'Instance')
}

/** What DescribeEipAddresses says of one address: a list of one, or empty when it is not listed. */
export async function showEip(allocationId: string): Promise<unknown> {
  const answer = await account.vpc('DescribeEipAddresses', { AllocationId: allocationId })
  return part(answer, 'EipAddresses', 'EipAddress')
}

/** Calls RunInstances for a server in `network`. */
export function runInstances(parameters: Record<string, string> = {}): Promise<unknown> {
  return account.ecs('RunInstances', { ...serverParameters(), ...parameters })
}

/** Lists the instances and network interfaces of the account. */
export function instancesLeft(): string[] {
  return account.compute.leftovers().filter((line) => /^(instance|network interface)/.test(line))
}
