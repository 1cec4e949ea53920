import { OssError } from '../errors/oss-error.ts'
import type { ObjectTags } from '../store/object-meta.ts'

const MAX_TAGS = 10
const MAX_KEY_CHARACTERS = 128
const MAX_VALUE_CHARACTERS = 256
const CHARACTERS = /^[\p{L}\p{N} +\-=._:/]*$/u

/**
 * Parses the header x-oss-tagging, `KEY=VALUE&…`, URL-encoded.
 * Source: "Object tagging", Alibaba Cloud OSS documentation.
 *
 * @throws OssError InvalidTag
 */
export function parseTagHeader(text: string): ObjectTags {
  return checkTags([...new URLSearchParams(text)])
}

/** Checks tags. @throws OssError InvalidTag */
export function checkTags(tags: readonly (readonly [key: string, value: string])[]): ObjectTags {
  const isValid = tags.every(
    ([key, value]) =>
      key !== '' &&
      key.length <= MAX_KEY_CHARACTERS &&
      value.length <= MAX_VALUE_CHARACTERS &&
      CHARACTERS.test(key) &&
      CHARACTERS.test(value),
  )
  const byKey = Object.fromEntries(tags)
  const isUnique = Object.keys(byKey).length === tags.length
  if (isValid && isUnique && tags.length <= MAX_TAGS) return byKey
  throw new OssError('tagInvalid')
}
