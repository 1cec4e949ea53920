import type { Action, Product } from '../action.ts'
import type { AlbState } from './alb-state.ts'
import {
  describeAlbRegions,
  describeAlbZones,
  getListenerHealthStatus,
  listAsynJobs,
} from './health-actions.ts'
import {
  createListener,
  deleteListener,
  getListenerAttribute,
  listListeners,
  switchListener,
  updateListenerAttribute,
} from './listener-actions.ts'
import {
  createLoadBalancer,
  deleteLoadBalancer,
  getLoadBalancerAttribute,
  listLoadBalancers,
  protectLoadBalancer,
  updateLoadBalancerAttribute,
} from './load-balancer-actions.ts'
import {
  addServersToServerGroup,
  listServerGroupServers,
  removeServersFromServerGroup,
  updateServerGroupServersAttribute,
} from './server-actions.ts'
import {
  createServerGroup,
  deleteServerGroup,
  listServerGroups,
  updateServerGroupAttribute,
} from './server-group-actions.ts'
import { listAlbTagResources, tagAlbResources, untagAlbResources } from './tag-actions.ts'

/** The ALB API, 2020-06-16: load balancers, listeners, server groups and their tags. */
export function albProduct(state: AlbState): Product {
  const once = (name: string, action: Action): Action =>
    state.compute.tokens.idempotent(`alb:${name}`, action)
  return {
    code: 'alb',
    version: '2020-06-16',
    actions: {
      DescribeRegions: describeAlbRegions(state),
      DescribeZones: describeAlbZones(state),
      CreateLoadBalancer: once('CreateLoadBalancer', createLoadBalancer(state)),
      GetLoadBalancerAttribute: getLoadBalancerAttribute(state),
      ListLoadBalancers: listLoadBalancers(state),
      UpdateLoadBalancerAttribute: once(
        'UpdateLoadBalancerAttribute',
        updateLoadBalancerAttribute(state),
      ),
      EnableDeletionProtection: protectLoadBalancer(state, true),
      DisableDeletionProtection: protectLoadBalancer(state, false),
      DeleteLoadBalancer: once('DeleteLoadBalancer', deleteLoadBalancer(state)),
      CreateServerGroup: once('CreateServerGroup', createServerGroup(state)),
      ListServerGroups: listServerGroups(state),
      UpdateServerGroupAttribute: once(
        'UpdateServerGroupAttribute',
        updateServerGroupAttribute(state),
      ),
      DeleteServerGroup: once('DeleteServerGroup', deleteServerGroup(state)),
      ListServerGroupServers: listServerGroupServers(state),
      AddServersToServerGroup: once('AddServersToServerGroup', addServersToServerGroup(state)),
      RemoveServersFromServerGroup: once(
        'RemoveServersFromServerGroup',
        removeServersFromServerGroup(state),
      ),
      UpdateServerGroupServersAttribute: once(
        'UpdateServerGroupServersAttribute',
        updateServerGroupServersAttribute(state),
      ),
      CreateListener: once('CreateListener', createListener(state)),
      GetListenerAttribute: getListenerAttribute(state),
      ListListeners: listListeners(state),
      UpdateListenerAttribute: once('UpdateListenerAttribute', updateListenerAttribute(state)),
      StartListener: once('StartListener', switchListener(state, true)),
      StopListener: once('StopListener', switchListener(state, false)),
      DeleteListener: once('DeleteListener', deleteListener(state)),
      GetListenerHealthStatus: getListenerHealthStatus(state),
      ListAsynJobs: listAsynJobs(state),
      TagResources: tagAlbResources(state),
      UnTagResources: untagAlbResources(state),
      ListTagResources: listAlbTagResources(state),
    },
  }
}
