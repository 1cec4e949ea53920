import { idle } from '../durations.ts'
import { admits } from '../gateway/public-web.ts'
import type { Probe, ProbeResult } from '../hardware.ts'
import { type AlbState, listenersOf } from './alb-state.ts'
import { targetOf } from './balancing.ts'
import type { BalancerZone } from './load-balancer.ts'
import type { Server, ServerGroup } from './server-group.ts'

/** Checks the servers of a group until it is deleted, while a listener forwards to it. */
export function startChecks(state: AlbState, group: ServerGroup): void {
  void (async () => {
    for (let round = 0; ; round++) {
      await idle(group.healthCheck.intervalSeconds * 1000)
      if (state.closed || !state.serverGroups.get(group.id)) return
      const zones = listenersOf(state, group.id).flatMap(
        ({ loadBalancerId }) => state.loadBalancers.get(loadBalancerId)?.zones ?? [],
      )
      const zone = zones[round % Math.max(1, zones.length)]
      if (!zone || !group.healthCheck.enabled) continue
      await Promise.all(group.servers.map((server) => checkServer(state, group, server, zone)))
    }
  })()
}

async function checkServer(
  state: AlbState,
  group: ServerGroup,
  server: Server,
  zone: BalancerZone,
): Promise<void> {
  const { healthCheck: check } = group
  const target = targetOf(state, server, zone, check.connectPort || server.port)
  const { protocol, method, path, timeoutSeconds } = check
  const result: ProbeResult = target
    ? await runProbe(state, {
        ...target,
        protocol,
        method,
        path,
        host: check.host || server.serverIp,
        timeoutMs: timeoutSeconds * 1000,
      })
    : { reason: 'CONNECT_TIMEOUT' }
  noteResult(group, server, result)
}

async function runProbe({ compute }: AlbState, probe: Probe): Promise<ProbeResult> {
  const running = compute.instances.get(probe.instanceId)?.status === 'Running'
  const reached = running && admits(probe.rules, probe.port, probe.source)
  if (compute.hardware.probe && running) return compute.hardware.probe(probe)
  return reached ? { status: probe.protocol === 'TCP' ? 0 : 200 } : { reason: 'CONNECT_TIMEOUT' }
}

/** Takes one result into account; enough equal ones in a row change the server's health. */
export function noteResult(group: ServerGroup, { health }: Server, result: ProbeResult): void {
  const { codes, healthyThreshold, unhealthyThreshold } = group.healthCheck
  const answered = 'status' in result
  const passed =
    answered && (result.status === 0 || codes.includes(`http_${Math.floor(result.status / 100)}xx`))
  if (passed) {
    health.passed += 1
    health.failed = 0
    if (health.passed >= healthyThreshold) health.status = 'Healthy'
    return
  }
  health.failed += 1
  health.passed = 0
  health.reason = answered ? 'RESPONSE_MISMATCH' : result.reason
  health.answer = answered ? `HTTP ${result.status}` : ''
  if (health.failed >= unhealthyThreshold) health.status = 'Unhealthy'
}
