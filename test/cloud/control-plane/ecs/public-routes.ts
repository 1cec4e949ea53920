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
 * What the security groups of an instance let in, over IPv4, in the order in which it is looked at:
 * by priority, and Drop before Accept where that is equal.
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

/** Where an address leads now: nowhere unless it is in use. */
export function publicRoute(state: ComputeState, eip: Eip): PublicRoute | undefined {
  const instance = state.instances.get(eip.instanceId ?? '')
  if (!instance || eip.status !== 'InUse') return undefined
  return { instanceId: instance.id, rules: ingressRules(state, instance) }
}

/**
 * Tells the hardware where an address leads, unless that is what it was told last; part of the work
 * of the instance concerned.
 */
export async function reroute(state: ComputeState, eip: Eip): Promise<void> {
  await tell(state, eip.address, publicRoute(state, eip), eip.instanceId ?? '')
}

/**
 * Where the address leads that an instance has of its own.
 *
 * @returns undefined for an instance that has none, has not started yet or is on its way out
 */
export function ownRoute(state: ComputeState, instance: Instance): PublicRoute | undefined {
  const { publicIp, startedAt, releasing } = instance
  if (publicIp === undefined || startedAt === undefined || releasing) return undefined
  return { instanceId: instance.id, rules: ingressRules(state, instance) }
}

/** The same for the address that an instance has of its own. */
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

/** Tells the hardware of every address that a change of these groups concerns. */
export function rerouteMembers(state: ComputeState, groups: readonly SecurityGroup[]): void {
  const concerned = new Set(groups.map(({ id }) => id))
  // Rules that name a group as their source change with its members.
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
