import type { Product } from '../action.ts'
import { defineProduct } from '../product.ts'
import { tagActions } from '../tag-actions.ts'
import type { AlbState } from './alb-state.ts'
import { healthActions } from './health-actions.ts'
import { jobActions } from './job.ts'
import { listenerActions } from './listener-actions.ts'
import { loadBalancerActions } from './load-balancer-actions.ts'
import { refuse } from './refusals.ts'
import { serverActions } from './server-actions.ts'
import { serverGroupActions } from './server-group-actions.ts'

/** Returns the ALB API, 2020-06-16: load balancers, listeners, server groups and their tags. */
export function albProduct(state: AlbState): Product {
  return defineProduct({
    code: 'alb',
    version: '2020-06-16',
    actions: {
      ...loadBalancerActions(state),
      ...serverGroupActions(state),
      ...serverActions(state),
      ...listenerActions(state),
      ...healthActions(state),
      ...jobActions(state),
      ...tagActions({
        types: {
          LoadBalancer: (id) => state.loadBalancers.get(id)?.tags,
          ServerGroup: (id) => state.serverGroups.get(id)?.tags,
          Listener: (id) => state.listeners.get(id)?.tags,
        },
        most: 50,
        untag: 'UnTagResources',
        refusals: {
          unknownType: () => refuse('IllegalParam', 'ResourceType'),
          tooMany: () => refuse('IllegalParamSize', 'ResourceId'),
          notFound: (type) => refuse('ResourceNotFound', type),
          missingKey: () => refuse('MissingParam', 'TagKey'),
        },
      }),
    },
  })
}
