import type { ActionCall } from '../action.ts'
import type { AlbState } from './alb-state.ts'
import type { Listener } from './listener.ts'
import type { LoadBalancer } from './load-balancer.ts'
import { refuse } from './refusals.ts'
import type { ServerGroup } from './server-group.ts'

/** @throws ActionError ResourceNotFound.LoadBalancer */
export function requireBalancer(state: AlbState, { parameters }: ActionCall): LoadBalancer {
  const refusal = refuse('ResourceNotFound', 'LoadBalancer')
  return state.loadBalancers.require(parameters.LoadBalancerId, refusal)
}

/** @throws ActionError ResourceNotFound.ServerGroup */
export function requireServerGroup(state: AlbState, { parameters }: ActionCall): ServerGroup {
  const refusal = refuse('ResourceNotFound', 'ServerGroup')
  return state.serverGroups.require(parameters.ServerGroupId, refusal)
}

/** @throws ActionError ResourceNotFound.Listener */
export function requireListener(state: AlbState, { parameters }: ActionCall): Listener {
  return state.listeners.require(parameters.ListenerId, refuse('ResourceNotFound', 'Listener'))
}

/** @throws ActionError IncorrectStatus.LoadBalancer unless it is Active */
export function requireActive(balancer: LoadBalancer): void {
  if (balancer.status !== 'Active') throw refuse('IncorrectStatus', 'LoadBalancer')
}
