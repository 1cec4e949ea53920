import type { Action, ActionCall, ActionError } from './action.ts'
import { listOf } from './parameter-values.ts'
import { addTags, parseTags, type ResourceTags } from './resource-tags.ts'

/** What the tagging of one product's resources stands on. */
export interface Tagging {
  /** The tags of every resource that a call names. @throws ActionError */
  resources(call: ActionCall): ResourceTags[]
  /** A refusal in the product's own words. */
  refuse(code: 'MissingParameter' | 'MissingParameter.TagKey'): ActionError
}

/** Puts tags on resources. */
export function tagResources(permission: string, { resources, refuse }: Tagging): Action {
  return {
    permission,
    parameters: {
      RegionId: 'required',
      ResourceType: 'required',
      'ResourceId.N': 'required',
      'Tag.N.Key': 'required',
      'Tag.N.Value': 'optional',
    },
    handle(call) {
      const named = resources(call)
      const added = parseTags(call.parameters)
      if (added.size === 0) throw refuse('MissingParameter')
      for (const tags of named) addTags(tags, added)
      return {}
    },
  }
}

/** Takes tags off resources: those named, or all with `All=true`. */
export function untagResources(permission: string, { resources, refuse }: Tagging): Action {
  return {
    permission,
    parameters: {
      RegionId: 'required',
      ResourceType: 'required',
      'ResourceId.N': 'required',
      'TagKey.N': 'optional',
      All: 'optional',
    },
    handle(call) {
      const named = resources(call)
      const keys = listOf(call.parameters, 'TagKey')
      if (keys.length === 0 && call.parameters.All !== 'true') {
        throw refuse('MissingParameter.TagKey')
      }
      for (const tags of named) {
        for (const key of keys.length > 0 ? keys : [...tags.keys()]) tags.delete(key)
      }
      return {}
    },
  }
}
