import type { Action, ActionCall } from '../action.ts'
import { optional } from '../optional-parameters.ts'
import { listOf } from '../parameter-values.ts'
import type { ResourceTags } from '../resource-tags.ts'
import { tagResources, untagResources } from '../tagging-actions.ts'
import type { EssState } from './ess-state.ts'
import { refuse } from './refusals.ts'

function taggedResources(state: EssState, call: ActionCall): ResourceTags[] {
  if (call.parameters.ResourceType?.toLowerCase() !== 'scalinggroup') {
    throw refuse('InvalidResourceType.NotFound')
  }
  return listOf(call.parameters, 'ResourceId').map((id) => {
    const group = state.groups.find(id, call.region)
    if (!group) throw refuse('InvalidResourceId.NotFound')
    return group.tags
  })
}

/** Puts tags on scaling groups. */
export function tagEssResources(state: EssState): Action {
  const resources = (call: ActionCall) => taggedResources(state, call)
  return tagResources('ess:TagResources', { resources, refuse })
}

/** Takes tags off scaling groups. */
export function untagEssResources(state: EssState): Action {
  const resources = (call: ActionCall) => taggedResources(state, call)
  return untagResources('ess:UntagResources', { resources, refuse })
}

/** Lists tags of scaling groups. */
export function listEssTagResources(state: EssState): Action {
  return {
    permission: 'ess:ListTagResources',
    parameters: { ResourceType: 'required', ...optional('ResourceId.N', 'NextToken') },
    handle(call) {
      if (call.parameters.ResourceType?.toLowerCase() !== 'scalinggroup') {
        throw refuse('InvalidResourceType.NotFound')
      }
      const ids = listOf(call.parameters, 'ResourceId')
      const found = state.groups
        .in(call.region)
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
      return {
        NextToken: '',
        TagResources: {
          TagResource: found.flatMap(({ id, tags }) =>
            [...tags].map(([TagKey, TagValue]) => ({
              ResourceId: id,
              ResourceType: 'scalinggroup',
              TagKey,
              TagValue,
              Propagate: false,
            })),
          ),
        },
      }
    },
  }
}
