import type { ActionCall } from '../action.ts'
import { recordsOf } from '../parameter-values.ts'
import { parseTags, type ResourceTags } from '../resource-tags.ts'

/** Parameters of a new resource's tags: the provider calls them `Tags.N`, the reference `Tag.N`. */
export const TAG_PARAMETERS = ['Tag.N.Key?', 'Tag.N.Value?', 'Tags.N.Key?', 'Tags.N.Value?']

/** Reads the tags of a new resource. @throws ActionError */
export function tagsOfNew({ parameters }: ActionCall): ResourceTags {
  const named = recordsOf(parameters, 'Tags').map(({ Key = '', Value = '' }, index) => [
    [`Tag.${index + 1}.Key`, Key],
    [`Tag.${index + 1}.Value`, Value],
  ])
  return parseTags({ ...parameters, ...Object.fromEntries(named.flat()) })
}
