import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { metaHeaders } from './object-headers.ts'

/** Headers that `response-NAME` in the query overrides. */
const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
]

/**
 * `GET /key` and `HEAD /key`, whole or a range, under conditions.
 * Source: "GetObject" and "HeadObject", Alibaba Cloud OSS documentation.
 */
export async function getObject(call: Call, bucket: Bucket): Promise<Reply> {
  const found = await bucket.objects.open(call.key)
  if (!found) throw new OssError('noSuchKey', { details: { Key: call.key } })
  let streaming = false
  try {
    const { meta } = found
    const headers: Record<string, string> = { ...metaHeaders(meta), 'Accept-Ranges': 'bytes' }
    if (isUnchanged(call, meta)) return { status: 304, headers }
    for (const name of OVERRIDES) {
      const value = call.query.get(`response-${name}`)
      if (value === undefined) continue
      if (!call.caller || /[^\t\x20-\x7e]/.test(value)) {
        throw new OssError('invalidArgument', {
          message: 'A response header can be set by signed requests only, in printable ASCII.',
        })
      }
      headers[name] = value
    }
    const standard = headerOf(call, 'x-oss-range-behavior') === 'standard'
    const range = byteRange(headerOf(call, 'range'), meta.size, standard)
    const { start, end } = range ?? { start: 0, end: meta.size - 1 }
    headers['Content-Length'] = String(end - start + 1)
    if (range) headers['Content-Range'] = `bytes ${start}-${end}/${meta.size}`
    const status = range ? 206 : 200
    if (call.request.method === 'HEAD' || end < start) return { status, headers }
    streaming = true
    return { status, headers, body: found.stream({ start, end }) }
  } finally {
    if (!streaming) await found.close()
  }
}

// An unsatisfiable range, or several, gives the whole object, unless x-oss-range-behavior asks for the
// standard behaviour ("GetObject").
function byteRange(
  header: string | undefined,
  size: number,
  standard: boolean,
): { start: number; end: number } | undefined {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!parts || (parts[1] === '' && parts[2] === '')) return undefined
  const [first, last] = [parts[1] ?? '', parts[2] ?? '']
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Number(last)
  if (start <= end && end < size) return { start, end }
  if (!standard || start > end + 1) return undefined
  if (start < size) return { start, end: size - 1 }
  throw new OssError('invalidRange', { details: { RangeRequested: header ?? '' } })
}

function isUnchanged(call: Call, meta: ObjectMeta): boolean {
  const modified = Math.floor(Date.parse(meta.lastModified) / 1000) * 1000
  const since = (name: string): number => Date.parse(headerOf(call, name) ?? '')
  const lists = (name: string): boolean | undefined =>
    headerOf(call, name)
      ?.split(',')
      .some((tag) => ['*', meta.etag].includes(tag.trim().replaceAll('"', '')))
  if (lists('if-match') === false || modified > since('if-unmodified-since')) {
    throw new OssError('preconditionFailed')
  }
  const listed = lists('if-none-match')
  return listed ?? modified <= since('if-modified-since')
}
