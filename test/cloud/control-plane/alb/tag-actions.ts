import type { ActionError, Actions } from '../action.ts'
import { type TagRefusalCode, tagActions } from '../tag-actions.ts'
import type { AlbState } from './alb-state.ts'
import { refuse } from './refusals.ts'

/** Returns the actions on tags of load balancers, server groups and listeners. */
export function albTagActions({ loadBalancers, serverGroups, listeners }: AlbState): Actions {
  const refusals: Record<TagRefusalCode, (type: string) => ActionError> = {
    'InvalidResourceType.NotFound': () => refuse('IllegalParam', 'ResourceType'),
    'InvalidResourceId.NotFound': (type) => refuse('ResourceNotFound', type),
    'NumberExceed.ResourceIds': () => refuse('IllegalParamSize', 'ResourceId'),
    'MissingParameter.TagKey': () => refuse('MissingParam', 'TagKey'),
  }
  return tagActions({
    types: {
      LoadBalancer: (id) => loadBalancers.get(id)?.tags,
      ServerGroup: (id) => serverGroups.get(id)?.tags,
      Listener: (id) => listeners.get(id)?.tags,
    },
    most: 50,
    untag: 'UnTagResources',
    refuse: (code, type) => refusals[code](type),
  })
}
