import type { KeyIndex } from './key-index.ts'
import type { ObjectMeta } from './object-meta.ts'

export interface ListQuery {
  prefix?: string
  /** Keys that have it behind the prefix are shown as one common prefix. */
  delimiter?: string
  /** Key or common prefix that the page begins behind. */
  startAfter?: string
  /** Objects and common prefixes together. */
  max: number
}

/** A page of a listing. */
export interface Listing {
  objects: ObjectMeta[]
  commonPrefixes: string[]
  /** The last key or common prefix of this page; undefined when there is nothing behind it. */
  next?: string
}

/** @param head What is known of an object; undefined when its file was removed by hand */
export async function listKeys(
  index: KeyIndex,
  head: (key: string) => Promise<ObjectMeta | undefined>,
  { prefix = '', delimiter = '', startAfter = '', max }: ListQuery,
): Promise<Listing> {
  const page: Listing = { objects: [], commonPrefixes: [] }
  let last = ''
  let key = first(index, prefix, delimiter, startAfter)
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
      key = index.nextBehindPrefix(last)
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

function first(
  index: KeyIndex,
  prefix: string,
  delimiter: string,
  startAfter: string,
): string | undefined {
  const start = index.next(prefix, false)
  if (Buffer.compare(Buffer.from(startAfter), Buffer.from(prefix)) < 0) return start
  if (startAfter === '') return start
  const isCommonPrefix =
    delimiter !== '' && startAfter.length > prefix.length && startAfter.endsWith(delimiter)
  return isCommonPrefix ? index.nextBehindPrefix(startAfter) : index.next(startAfter, true)
}
