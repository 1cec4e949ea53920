import { isActiveType, mediaTypeEssence } from './media-type.ts'

/**
 * Which files may be uploaded, each entry an extension (`.jpg`) or a media type (`image/png`,
 * `image/*`). An empty list allows every file.
 */
export type AllowedTypes = readonly string[]

/** What is known of a file before it is uploaded. */
export interface OfferedFile {
  name: string
  /** Media type from the browser; empty when it knows none. */
  type: string
}

/** Types that no file has, by the type that is meant. */
const MISTAKEN_TYPES: Readonly<Record<string, string>> = {
  'application/doc': 'application/msword',
  'application/excel': 'application/vnd.ms-excel',
  'application/jpg': 'image/jpeg',
  'application/word': 'application/msword',
  'image/jpg': 'image/jpeg',
  'image/svg': 'image/svg+xml',
  'image/tif': 'image/tiff',
  'text/txt': 'text/plain',
  'video/avi': 'video/x-msvideo',
  'video/mov': 'video/quicktime',
}

/** What an entry must be, to follow the name of a setting in a sentence. */
export const TYPE_ENTRY_RULE = 'must list extensions (.jpg) or MIME types (image/*)'

/** Returns whether an entry is `.jpg` or `image/png` or `image/*`. */
export function isTypeEntry(entry: string): boolean {
  return /^\.[^./\\\s,]+$/.test(entry) || isWildcard(entry) || isPlainType(entry)
}

/**
 * Returns what is wrong with a list that has an entry no file matches, such as `image/jpg`, to follow
 * the name of a setting in a sentence; undefined for every other list.
 */
export function mistakenTypeProblem(entries: AllowedTypes): string | undefined {
  const entry = entries.find((each) => Object.hasOwn(MISTAKEN_TYPES, each.toLowerCase()))
  if (entry === undefined) return undefined
  return `must list ${MISTAKEN_TYPES[entry.toLowerCase()]} in place of ${entry}, a type that no file has`
}

/**
 * Returns whether a list allows a file. Extensions and media types are two separate lists: a file has
 * to match each list that is not empty. A file without a type matches the list of types only if it
 * matches the list of extensions. A wildcard does not cover types in which browsers run scripts.
 */
export function isAllowedType({ name, type }: OfferedFile, allowed: AllowedTypes): boolean {
  const essence = mediaTypeEssence(type, name)
  if (type !== '' && essence === undefined) return false
  if (allowed.length === 0) return true
  const { extensions, types } = splitEntries(allowed)
  const hasExtension = extensions.some((extension) => name.toLowerCase().endsWith(extension))
  if (extensions.length > 0 && !hasExtension) return false
  if (types.length === 0) return true
  if (essence === undefined) return hasExtension
  return types.some((entry) =>
    entry.endsWith('/*')
      ? essence.startsWith(entry.slice(0, -1)) && !isActiveType(essence)
      : essence === mediaTypeEssence(entry),
  )
}

/** Returns whether a list has extensions and no types, so that the extension decides the type. */
export function hasOnlyExtensions(allowed: AllowedTypes): boolean {
  return allowed.length > 0 && splitEntries(allowed).types.length === 0
}

function splitEntries(allowed: AllowedTypes): { extensions: string[]; types: string[] } {
  const entries = allowed.map((entry) => entry.toLowerCase())
  return {
    extensions: entries.filter((entry) => entry.startsWith('.')),
    types: entries.filter((entry) => !entry.startsWith('.')),
  }
}

function isWildcard(entry: string): boolean {
  return entry.endsWith('/*') && isPlainType(`${entry.slice(0, -1)}x`)
}

function isPlainType(entry: string): boolean {
  return !/^\.|[\s;,]/.test(entry) && mediaTypeEssence(entry) !== undefined
}
