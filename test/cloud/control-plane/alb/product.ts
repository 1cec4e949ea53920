import type { Action, Product } from '../action.ts'
import type { AlbState } from './alb-state.ts'
import { describeAlbZones, getListenerHealthStatus, listAsynJobs } from './health-actions.ts'
import {
  createListener,
  deleteListener,
  getListenerAttribute,
  updateListenerAttribute,
} from './listener-actions.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  getLoadBalancerAttribute,
} from './load-balancer-actions.ts'
import {
  addServersToServerGroup,
  listServerGroupServers,
  removeServersFromServerGroup,
} from './server-actions.ts'
import { createServerGroup, deleteServerGroup, listServerGroups } from './server-group-actions.ts'
import { tagAlbResources, untagAlbResources } from './tag-actions.ts'

/** The ALB API, 2020-06-16: load balancers, listeners, server groups and their tags. */
export function albProduct(state: AlbState): Product {
  const once = (name: string, action: Action): Action =>
    state.compute.tokens.idempotent(`alb:${name}`, action)
  return {
    code: 'alb',
    version: '2020-06-16',
    actions: {
      DescribeZones: describeAlbZones(state),
      CreateLoadBalancer: once('CreateLoadBalancer', createLoadBalancer(state)),
      GetLoadBalancerAttribute: getLoadBalancerAttribute(state),
      DeleteLoadBalancer: once('DeleteLoadBalancer', deleteLoadBalancer(state)),
      CreateServerGroup: once('CreateServerGroup', createServerGroup(state)),
      ListServerGroups: listServerGroups(state),
      DeleteServerGroup: once('DeleteServerGroup', deleteServerGroup(state)),
      ListServerGroupServers: listServerGroupServers(state),
      AddServersToServerGroup: once('AddServersToServerGroup', addServersToServerGroup(state)),
      RemoveServersFromServerGroup: once(
        'RemoveServersFromServerGroup',
        removeServersFromServerGroup(state),
      ),
      CreateListener: once('CreateListener', createListener(state)),
      GetListenerAttribute: getListenerAttribute(state),
      UpdateListenerAttribute: once('UpdateListenerAttribute', updateListenerAttribute(state)),
      DeleteListener: once('DeleteListener', deleteListener(state)),
      GetListenerHealthStatus: getListenerHealthStatus(state),
      ListAsynJobs: listAsynJobs(state),
      TagResources: tagAlbResources(state),
      UnTagResources: untagAlbResources(state),
    },
  }
}
