import { ingressRules } from '../ecs/public-routes.ts'
import type { BackendTarget, BalancerPlan, BalancerPort, Choice } from '../hardware.ts'
import { type AlbState, groupsOf } from './alb-state.ts'
import { forwardedHeaders } from './forwarded-headers.ts'
import type { Listener } from './listener.ts'
import type { BalancerZone, LoadBalancer } from './load-balancer.ts'
import type { Server, ServerGroup } from './server-group.ts'

/** Current weights of smooth weighted round robin. */
const turns = new WeakMap<Server, number>()

/**
 * Returns the servers that requests may go to: the healthy ones, or all where none is
 * healthy.
 */
export function candidates(group: ServerGroup): Server[] {
  const open = group.servers.filter(({ status, weight }) => status === 'Available' && weight > 0)
  if (!group.healthCheck.enabled) return open
  const healthy = open.filter(({ health }) => health.status === 'Healthy')
  return healthy.length > 0 ? healthy : open
}

/** Chooses the next server by smooth weighted round robin. */
export function nextServer(servers: readonly Server[]): Server | undefined {
  const all = servers.reduce((sum, { weight }) => sum + weight, 0)
  let first: Server | undefined
  for (const server of servers) {
    const turn = (turns.get(server) ?? 0) + server.weight
    turns.set(server, turn)
    if (!first || turn > (turns.get(first) ?? 0)) first = server
  }
  if (first) turns.set(first, (turns.get(first) ?? 0) - all)
  return first
}

/** Returns how a zone reaches a server; undefined where the instance is released. */
export function targetOf(
  { compute }: AlbState,
  server: Server,
  zone: BalancerZone,
  port = server.port,
): BackendTarget | undefined {
  const instance = compute.instances.get(server.instanceId)
  if (!instance) return undefined
  return {
    instanceId: instance.id,
    privateIp: instance.networkInterface.privateIp,
    port,
    source: zone.localAddress,
    rules: ingressRules(compute, instance),
  }
}

function choose(state: AlbState, listener: Listener, zone: BalancerZone): Choice | undefined {
  const [group] = groupsOf(state, listener)
  const server = group && nextServer(candidates(group))
  const target = server && targetOf(state, server, zone)
  if (!server || !target) return undefined
  server.pendingRequests += 1
  let over = false
  return {
    target,
    signal: server.cut.signal,
    done: () => {
      if (!over) server.pendingRequests -= 1
      over = true
    },
  }
}

function portOf(state: AlbState, balancer: LoadBalancer, listener: Listener): BalancerPort {
  const [certificateId = ''] = listener.certificateIds
  return {
    port: listener.port,
    certificate: listener.protocol === 'HTTPS' ? state.certificates.get(certificateId) : undefined,
    idleTimeoutMs: listener.idleTimeoutSeconds * 1000,
    requestTimeoutMs: listener.requestTimeoutSeconds * 1000,
    choose: (address) => {
      const zone = balancer.zones.find((each) => each.address === address) ?? balancer.zones[0]
      return zone && choose(state, listener, zone)
    },
    headers: (client) => forwardedHeaders(balancer, listener, client),
  }
}

/** Returns what a load balancer does at its addresses now. */
export function planOf(state: AlbState, balancer: LoadBalancer): BalancerPlan {
  const listeners = state.listeners
    .all()
    .filter(({ loadBalancerId }) => loadBalancerId === balancer.id)
    .filter(({ status }) => status === 'Running' || status === 'Configuring')
  return {
    loadBalancerId: balancer.id,
    dnsName: balancer.dnsName,
    addresses: balancer.zones.map(({ address }) => address).filter((address) => address !== ''),
    ports: listeners.map((listener) => portOf(state, balancer, listener)),
  }
}

/** Applies what a load balancer does now to the hardware. */
export function applyToHardware(state: AlbState, balancer: LoadBalancer): void {
  const { compute } = state
  compute.hardware.balance?.(planOf(state, balancer)).catch((error: unknown) => {
    const message = error instanceof Error ? error.message : String(error)
    compute.faults.push({ instanceId: balancer.id, operation: 'change', message })
  })
}
