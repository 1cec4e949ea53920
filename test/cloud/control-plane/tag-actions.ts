import type { ActionCall, ActionError, Actions } from './action.ts'
import { listOf } from './parameter-values.ts'
import { addTags, parseTags, type ResourceTags } from './resource-tags.ts'

/** How resources of one product are tagged. */
export interface Tagging {
  /** Finds the tags of a resource by its id, by the resource type that calls name. */
  types: Readonly<Record<string, (id: string) => ResourceTags | undefined>>
  /** Resources in one call. */
  most: number
  /** Name of the action that removes tags, which differs between products. */
  untag: 'UntagResources' | 'UnTagResources'
  /** Returns a refusal in the product's own words. @param type Of the resource */
  refuse(code: TagRefusalCode, type: string): ActionError
}

/** Codes of most products. */
export type TagRefusalCode =
  | 'InvalidResourceType.NotFound'
  | 'InvalidResourceId.NotFound'
  | 'NumberExceed.ResourceIds'
  | 'MissingParameter.TagKey'

/** Returns the actions that add tags to resources and remove them. */
export function tagActions({ types, most, untag, refuse }: Tagging): Actions {
  const namedTags = ({ parameters }: ActionCall): ResourceTags[] => {
    const asked = parameters.ResourceType?.toLowerCase()
    const [type, find] = Object.entries(types).find(([name]) => name.toLowerCase() === asked) ?? []
    if (type === undefined || !find) throw refuse('InvalidResourceType.NotFound', '')
    const ids = listOf(parameters, 'ResourceId')
    if (ids.length > most) throw refuse('NumberExceed.ResourceIds', type)
    return ids.map((id) => {
      const tags = find(id)
      if (!tags) throw refuse('InvalidResourceId.NotFound', type)
      return tags
    })
  }
  return {
    TagResources: {
      parameters: ['ResourceType', 'ResourceId.N', 'Tag.N.Key', 'Tag.N.Value?'],
      handle(call) {
        const named = namedTags(call)
        const added = parseTags(call.parameters)
        for (const tags of named) addTags(tags, added)
        return {}
      },
    },
    /** Removes the tags that are named, or all with `All=true`. */
    [untag]: {
      parameters: ['ResourceType', 'ResourceId.N', 'TagKey.N?', 'All?'],
      handle(call) {
        const named = namedTags(call)
        const keys = listOf(call.parameters, 'TagKey')
        if (keys.length === 0 && call.parameters.All !== 'true')
          throw refuse('MissingParameter.TagKey', '')
        for (const tags of named) {
          for (const key of keys.length > 0 ? keys : [...tags.keys()]) tags.delete(key)
        }
        return {}
      },
    },
  }
}
