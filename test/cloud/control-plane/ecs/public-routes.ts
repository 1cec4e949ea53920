import { isDeepStrictEqual } from 'node:util'
import type { ComputeState } from '../compute-state.ts'
import type { IngressRule, PublicRoute } from '../hardware.ts'
import type { Eip } from '../vpc/eip.ts'
import type { Instance } from './instance.ts'
import type { SecurityGroup } from './security-group.ts'
import type { SecurityGroupRule } from './security-group-rule.ts'

const PROTOCOLS = { TCP: 'tcp', UDP: 'udp', ICMP: 'icmp', ALL: 'all' } as const

function protocolOf(rule: SecurityGroupRule): IngressRule['protocol'] | undefined {
  return Object.entries(PROTOCOLS).find(([name]) => name === rule.protocol)?.[1]
}

function sourcesOf(state: ComputeState, rule: SecurityGroupRule): string[] {
  const { source } = rule
  if (source.kind === 'cidr') return [source.cidr]
  if (source.kind === 'ipv6') return []
  return state.interfaces
    .all()
    .filter(({ securityGroupIds }) => securityGroupIds.includes(source.groupId))
    .map(({ privateIp }) => `${privateIp}/32`)
}

/**
 * Returns the IPv4 rules of an instance's security groups in the order of evaluation:
 * by priority, then Drop before Accept.
 */
export function ingressRules(state: ComputeState, instance: Instance): IngressRule[] {
  return instance.networkInterface.securityGroupIds
    .flatMap((id) => state.securityGroups.get(id)?.rules ?? [])
    .flatMap((rule) => {
      const protocol = protocolOf(rule)
      if (!protocol) return []
      const [from = -1, to = -1] = rule.portRange.split('/').map(Number)
      return sourcesOf(state, rule).map((source) => ({
        protocol,
        ports: [from, to] as const,
        source,
        accept: rule.policy === 'Accept',
        priority: rule.priority,
      }))
    })
    .sort((a, b) => a.priority - b.priority || Number(a.accept) - Number(b.accept))
}

/** Returns the instance behind an EIP that is in use. */
export function publicRoute(state: ComputeState, eip: Eip): PublicRoute | undefined {
  const instance = state.instances.get(eip.instanceId ?? '')
  if (!instance || eip.status !== 'InUse') return undefined
  return { instanceId: instance.id, rules: ingressRules(state, instance) }
}

/**
 * Routes an EIP in the hardware, if the route has changed. Runs in the work queue
 * of the instance.
 */
export async function reroute(state: ComputeState, eip: Eip): Promise<void> {
  await tell(state, eip.address, publicRoute(state, eip), eip.instanceId ?? '')
}

/**
 * Returns the route of an instance's own public address.
 *
 * @returns Undefined for an instance that has no address, has not started or is being released
 */
export function ownRoute(state: ComputeState, instance: Instance): PublicRoute | undefined {
  const { publicIp, startedAt, releasing } = instance
  if (publicIp === undefined || startedAt === undefined || releasing) return undefined
  return { instanceId: instance.id, rules: ingressRules(state, instance) }
}

/** Routes an instance's own public address in the hardware, if the route has changed. */
export async function rerouteOwn(state: ComputeState, instance: Instance): Promise<void> {
  const { id, publicIp } = instance
  if (publicIp !== undefined) await tell(state, publicIp, ownRoute(state, instance), id)
}

async function tell(
  state: ComputeState,
  address: string,
  route: PublicRoute | undefined,
  instanceId: string,
): Promise<void> {
  if (isDeepStrictEqual(route, state.routes.get(address))) return
  try {
    await state.hardware.route(address, route)
    if (route) state.routes.set(address, route)
    else state.routes.delete(address)
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    state.faults.push({ instanceId, operation: 'route', message })
  }
}

/** Routes every address again that a change of these groups concerns. */
export function rerouteMembers(state: ComputeState, groups: readonly SecurityGroup[]): void {
  const concerned = new Set(groups.map(({ id }) => id))
  // A rule with a group as its source changes with the members of the group.
  for (const group of state.securityGroups.all()) {
    if (
      group.rules.some(({ source }) => source.kind === 'group' && concerned.has(source.groupId))
    ) {
      concerned.add(group.id)
    }
  }
  for (const instance of state.instances.all()) {
    const { publicIp, networkInterface, power } = instance
    if (publicIp === undefined) continue
    if (networkInterface.securityGroupIds.some((id) => concerned.has(id))) {
      void power.next(() => rerouteOwn(state, instance))
    }
  }
  for (const eip of state.eips.all()) {
    const instance = state.instances.get(eip.instanceId ?? '')
    if (eip.status !== 'InUse' || !instance || instance.releasing) continue
    if (instance.networkInterface.securityGroupIds.some((id) => concerned.has(id))) {
      void instance.power.next(() => reroute(state, eip))
    }
  }
}
