import type { ComputeState } from '../compute-state.ts'
import { ResourceStore } from '../resource-store.ts'
import type { Job } from './job.ts'
import type { Listener, ListenerCertificate } from './listener.ts'
import type { LoadBalancer } from './load-balancer.ts'
import type { ServerGroup } from './server-group.ts'

/** Everything an account has in ALB in one region. */
export interface AlbState {
  readonly compute: ComputeState
  readonly loadBalancers: ResourceStore<LoadBalancer>
  readonly serverGroups: ResourceStore<ServerGroup>
  readonly listeners: ResourceStore<Listener>
  readonly jobs: ResourceStore<Job>
  /** Of the account's certificate service, by id. */
  readonly certificates: Map<string, ListenerCertificate>
  /** Whether the account is closed: loops end. */
  closed: boolean
}

/** Returns the state of ALB without any resource. */
export function newAlbState(compute: ComputeState): AlbState {
  return {
    compute,
    loadBalancers: new ResourceStore(),
    serverGroups: new ResourceStore(),
    listeners: new ResourceStore(),
    jobs: new ResourceStore(),
    certificates: new Map(),
    closed: false,
  }
}

/** Returns the server groups that a listener forwards to. */
export function groupsOf(state: AlbState, listener: Listener): ServerGroup[] {
  return listener.serverGroupIds.flatMap((id) => state.serverGroups.get(id) ?? [])
}

/** Returns the listeners that forward to a server group. */
export function listenersOf(state: AlbState, serverGroupId: string): Listener[] {
  return state.listeners
    .all()
    .filter(({ serverGroupIds }) => serverGroupIds.includes(serverGroupId))
}
