import { type Call, headerOf } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'

/**
 * Checks `if-match`, `if-none-match`, `if-modified-since` and `if-unmodified-since`.
 *
 * @param prefix Of the headers' names @default ''
 * @returns whether the object is unchanged, so that the response is 304
 * @throws OssError PreconditionFailed
 */
export function checkPreconditions(call: Call, meta: ObjectMeta, prefix = ''): boolean {
  const modified = Math.floor(Date.parse(meta.lastModified) / 1000) * 1000
  const since = (name: string): number => Date.parse(headerOf(call, prefix + name) ?? '')
  const lists = (name: string): boolean | undefined =>
    headerOf(call, prefix + name)
      ?.split(',')
      .some((tag) => ['*', meta.etag].includes(tag.trim().replaceAll('"', '')))
  if (lists('if-match') === false || modified > since('if-unmodified-since')) {
    throw new OssError('preconditionFailed')
  }
  return lists('if-none-match') ?? modified <= since('if-modified-since')
}
