import type { KeyIndex } from './key-index.ts'
import type { ObjectMeta } from './object-meta.ts'

/** Selects a page of objects. */
export interface ListQuery {
  /** @default '' */
  prefix?: string
  /** Groups keys that have it after the prefix into one common prefix. @default '' */
  delimiter?: string
  /** Key or common prefix that the page starts after. @default '' */
  startAfter?: string
  /** Objects and common prefixes together. */
  max: number
}

/** A page of objects. */
export interface Listing {
  objects: ObjectMeta[]
  commonPrefixes: string[]
  /** The last key or common prefix of this page; undefined when there is no further page. */
  next?: string
}

/**
 * Lists a page of objects.
 *
 * @param head Returns an object's metadata; undefined when its file was removed by hand
 */
export async function listKeys(
  index: KeyIndex,
  head: (key: string) => Promise<ObjectMeta | undefined>,
  { prefix = '', delimiter = '', startAfter = '', max }: ListQuery,
): Promise<Listing> {
  const page: Listing = { objects: [], commonPrefixes: [] }
  let last = ''
  let key = firstKey(index, prefix, delimiter, startAfter)
  while (key?.startsWith(prefix)) {
    const meta = await head(key)
    if (meta && page.objects.length + page.commonPrefixes.length >= max) {
      if (last !== '') page.next = last
      break
    }
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (meta && cut >= 0) {
      last = key.slice(0, cut + delimiter.length)
      page.commonPrefixes.push(last)
      key = index.nextAfterPrefix(last)
      continue
    }
    if (meta) {
      last = key
      page.objects.push(meta)
    }
    key = index.next(key, true)
  }
  return page
}

function firstKey(
  index: KeyIndex,
  prefix: string,
  delimiter: string,
  startAfter: string,
): string | undefined {
  if (startAfter === '' || Buffer.compare(Buffer.from(startAfter), Buffer.from(prefix)) < 0) {
    return index.next(prefix, false)
  }
  const isCommonPrefix =
    delimiter !== '' && startAfter.length > prefix.length && startAfter.endsWith(delimiter)
  return isCommonPrefix ? index.nextAfterPrefix(startAfter) : index.next(startAfter, true)
}
