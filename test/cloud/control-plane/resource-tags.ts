import { ActionError, type ActionParameters } from './action.ts'
import { recordsOf } from './parameter-values.ts'

/** Tags of one resource, by key. */
export type ResourceTags = Map<string, string>

/** Limit of one resource, and of one call. */
export const MOST_TAGS = 20

/** Parameters of a new resource's tags. */
export const TAG_PARAMETERS = ['Tag.N.Key?', 'Tag.N.Value?']

const RESERVED_START = /^(aliyun|acs:|http:\/\/|https:\/\/)/i

/**
 * Reads tags from `Tag.N.Key` and `Tag.N.Value`. Source: "TagResources", ECS and VPC API references.
 *
 * @throws ActionError for keys and values that the service refuses
 */
export function parseTags(parameters: ActionParameters): ResourceTags {
  const records = recordsOf(parameters, 'Tag')
  if (records.length > MOST_TAGS) {
    throw new ActionError(
      400,
      'NumberExceed.Tags',
      `The Tags parameter's number is exceed , Valid : ${MOST_TAGS}`,
    )
  }
  const tags: ResourceTags = new Map()
  for (const { Key: key = '', Value: value = '' } of records) {
    if (key === '' || key.length > 128 || RESERVED_START.test(key)) {
      throw new ActionError(400, 'InvalidTagKey.Malformed', 'The specified Tag.n.Key is not valid.')
    }
    if (value.length > 128 || /^(acs:|http:\/\/|https:\/\/)/i.test(value)) {
      throw new ActionError(
        400,
        'InvalidTagValue.Malformed',
        'The specified Tag.n.Value is not valid.',
      )
    }
    if (tags.has(key)) {
      throw new ActionError(400, 'Duplicate.TagKey', 'The Tag.N.Key contain duplicate key.')
    }
    tags.set(key, value)
  }
  return tags
}

/**
 * Adds tags to those that a resource has.
 *
 * @throws ActionError OperationDenied.QuotaExceed when the resource would carry too many
 */
export function addTags(tags: ResourceTags, added: ResourceTags): void {
  if (new Set([...tags.keys(), ...added.keys()]).size > MOST_TAGS) {
    throw new ActionError(
      400,
      'OperationDenied.QuotaExceed',
      'The quota of tags on resource is beyond permitted range.',
    )
  }
  for (const [key, value] of added) tags.set(key, value)
}

/** Returns tags as VPC lists them. */
export function vpcTags(tags: ResourceTags): { Tag: { Key: string; Value: string }[] } {
  return { Tag: [...tags].map(([Key, Value]) => ({ Key, Value })) }
}

/** Returns tags as ECS lists them. */
export function ecsTags(tags: ResourceTags): { Tag: { TagKey: string; TagValue: string }[] } {
  return { Tag: [...tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })) }
}
