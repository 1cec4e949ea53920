import type { Action, ActionCall, ActionError } from '../action.ts'
import { listOf } from '../parameter-values.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { tagResources, untagResources } from '../tagging-actions.ts'
import type { AlbState } from './alb-state.ts'
import { refuse } from './refusals.ts'

const KINDS = {
  loadbalancer: 'LoadBalancer',
  servergroup: 'ServerGroup',
  listener: 'Listener',
} as const

type Kind = keyof typeof KINDS

function storeOf(state: AlbState, kind: Kind) {
  return {
    loadbalancer: state.loadBalancers,
    servergroup: state.serverGroups,
    listener: state.listeners,
  }[kind]
}

function kindOf({ parameters }: ActionCall): Kind {
  const asked = parameters.ResourceType?.toLowerCase()
  const kind = (Object.keys(KINDS) as Kind[]).find((each) => each === asked)
  if (!kind) throw refuse('IllegalParam', 'ResourceType')
  return kind
}

function taggedResources(state: AlbState, call: ActionCall): ResourceTags[] {
  const kind = kindOf(call)
  const ids = listOf(call.parameters, 'ResourceId')
  if (ids.length > 50) throw refuse('IllegalParamSize', 'ResourceId')
  return ids.map((id) => {
    const resource = storeOf(state, kind).find(id, call.region)
    if (!resource) throw refuse('ResourceNotFound', KINDS[kind])
    return resource.tags
  })
}

function missing(code: 'MissingParameter' | 'MissingParameter.TagKey'): ActionError {
  return code === 'MissingParameter'
    ? refuse('MissingParam', 'Tag')
    : refuse('MissingParam', 'TagKey')
}

/** The host that is called says which region is meant. */
function withoutRegion(action: Action): Action {
  return { ...action, parameters: { ...action.parameters, RegionId: 'optional' } }
}

/** Puts tags on load balancers, server groups or listeners. */
export function tagAlbResources(state: AlbState): Action {
  const resources = (call: ActionCall) => taggedResources(state, call)
  return withoutRegion(tagResources('alb:TagResources', { resources, refuse: missing }))
}

/** Takes tags off load balancers, server groups or listeners. */
export function untagAlbResources(state: AlbState): Action {
  const resources = (call: ActionCall) => taggedResources(state, call)
  return withoutRegion(untagResources('alb:UnTagResources', { resources, refuse: missing }))
}
