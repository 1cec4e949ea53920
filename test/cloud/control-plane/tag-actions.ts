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
  /** Refusals in the product's own words. */
  refusals: {
    unknownType(): ActionError
    tooMany(): ActionError
    notFound(type: string): ActionError
    missingKey(): ActionError
  }
}

/** Returns the actions that add tags to resources and remove them. */
export function tagActions({ types, most, untag, refusals }: Tagging): Actions {
  const namedTags = ({ parameters }: ActionCall): ResourceTags[] => {
    const asked = parameters.ResourceType?.toLowerCase()
    const [type, find] = Object.entries(types).find(([name]) => name.toLowerCase() === asked) ?? []
    if (type === undefined || !find) throw refusals.unknownType()
    const ids = listOf(parameters, 'ResourceId')
    if (ids.length > most) throw refusals.tooMany()
    return ids.map((id) => {
      const tags = find(id)
      if (!tags) throw refusals.notFound(type)
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
        if (keys.length === 0 && call.parameters.All !== 'true') throw refusals.missingKey()
        for (const tags of named) {
          for (const key of keys.length > 0 ? keys : [...tags.keys()]) tags.delete(key)
        }
        return {}
      },
    },
  }
}
