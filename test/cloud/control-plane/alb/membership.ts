import { idle, pause } from '../durations.ts'
import { type AlbState, listenersOf } from './alb-state.ts'
import { refuse } from './refusals.ts'
import { newServer, type Server, type ServerGroup } from './server-group.ts'

/** Servers of one group. */
const QUOTA = 1000

/** A server to add to a group. */
export interface WantedServer {
  instanceId: string
  port: number
  weight: number
  description: string
}

/**
 * Adds an instance to a server group: Adding, then Available.
 *
 * @throws ActionError ResourceNotFound.BackendServer, Mismatch.VpcId, ResourceAlreadyExist, QuotaExceeded
 */
export function addServer(state: AlbState, group: ServerGroup, wanted: WantedServer): Server {
  const instance = state.compute.instances.get(wanted.instanceId)
  if (!instance) throw refuse('ResourceNotFound', 'BackendServer')
  if (instance.networkInterface.vpcId !== group.vpcId) throw refuse('Mismatch', 'VpcId')
  if (findServer(group, wanted.instanceId, wanted.port)) {
    throw refuse('ResourceAlreadyExist', 'BackendServer')
  }
  if (group.servers.length >= QUOTA) throw refuse('QuotaExceeded', 'ServersNum')
  const server = newServer({ ...wanted, serverIp: instance.networkInterface.privateIp })
  group.servers.push(server)
  void pause(state.compute.durations.serverMs).then(() => {
    if (server.status === 'Adding') server.status = 'Available'
  })
  return server
}

/** Finds the server of an instance on a port. */
export function findServer(
  group: ServerGroup,
  instanceId: string,
  port: number,
): Server | undefined {
  return group.servers.find((each) => each.instanceId === instanceId && each.port === port)
}

/**
 * Removes a server from a group: it gets no new requests. With draining, pending requests
 * may end within the timeout; without it, they are cut.
 *
 * @returns Resolves when it is removed
 */
export async function removeServer(
  state: AlbState,
  group: ServerGroup,
  server: Server,
): Promise<void> {
  if (server.status === 'Removing') return
  server.status = 'Removing'
  await pause(state.compute.durations.serverMs)
  if (drains(state, group)) {
    const end =
      state.compute.now() + group.drain.timeoutSeconds * 1000 * state.compute.durations.waitFactor
    while (server.pendingRequests > 0 && state.compute.now() < end && !state.closed) await idle(50)
  }
  server.cut.abort()
  const index = group.servers.indexOf(server)
  if (index >= 0) group.servers.splice(index, 1)
}

/** Basic load balancers do not drain. Source: "Connection draining", ALB documentation. */
function drains(state: AlbState, group: ServerGroup): boolean {
  if (!group.drain.enabled) return false
  return listenersOf(state, group.id).every(
    ({ loadBalancerId }) => state.loadBalancers.get(loadBalancerId)?.edition !== 'Basic',
  )
}
