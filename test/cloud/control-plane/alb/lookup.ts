import type { ActionCall } from '../action.ts'
import type { AlbState } from './alb-state.ts'
import type { Listener } from './listener.ts'
import type { LoadBalancer } from './load-balancer.ts'
import { refuse } from './refusals.ts'
import type { ServerGroup } from './server-group.ts'

/** @throws ActionError ResourceNotFound.LoadBalancer */
export function requireBalancer(state: AlbState, call: ActionCall): LoadBalancer {
  const balancer = state.loadBalancers.find(call.parameters.LoadBalancerId, call.region)
  if (!balancer) throw refuse('ResourceNotFound', 'LoadBalancer')
  return balancer
}

/** @throws ActionError ResourceNotFound.ServerGroup */
export function requireServerGroup(state: AlbState, call: ActionCall): ServerGroup {
  const group = state.serverGroups.find(call.parameters.ServerGroupId, call.region)
  if (!group) throw refuse('ResourceNotFound', 'ServerGroup')
  return group
}

/** @throws ActionError ResourceNotFound.Listener */
export function requireListener(state: AlbState, call: ActionCall): Listener {
  const listener = state.listeners.find(call.parameters.ListenerId, call.region)
  if (!listener) throw refuse('ResourceNotFound', 'Listener')
  return listener
}

/** @throws ActionError IncorrectStatus.LoadBalancer unless it is Active */
export function requireActive(balancer: LoadBalancer): void {
  if (balancer.status !== 'Active') throw refuse('IncorrectStatus', 'LoadBalancer')
}
