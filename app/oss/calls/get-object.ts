import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { OpenObject } from '../store/bucket-store.ts'
import type { Bucket } from '../store/object-store.ts'
import { checkPreconditions } from './conditions.ts'
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
 * `GET /key` and `HEAD /key`, whole or a range, under conditions. A symlink gives its target.
 * Source: "GetObject" and "HeadObject", Alibaba Cloud OSS documentation.
 */
export async function getObject(call: Call, bucket: Bucket): Promise<Reply> {
  const { object, isSymlink } = await openObject(call, bucket)
  let isStreaming = false
  try {
    const { meta } = object
    const headers: Record<string, string> = { ...metaHeaders(meta), 'Accept-Ranges': 'bytes' }
    if (isSymlink) headers['x-oss-object-type'] = 'Symlink'
    if (checkPreconditions(call, meta)) return { status: 304, headers }
    Object.assign(headers, overriddenHeaders(call))
    const standard = headerOf(call, 'x-oss-range-behavior') === 'standard'
    const range = byteRange(headerOf(call, 'range'), meta.size, standard)
    const { start, end } = range ?? { start: 0, end: meta.size - 1 }
    headers['Content-Length'] = String(end - start + 1)
    if (range) headers['Content-Range'] = `bytes ${start}-${end}/${meta.size}`
    const status = range ? 206 : 200
    if (call.request.method === 'HEAD' || end < start) return { status, headers }
    isStreaming = true
    return { status, headers, body: object.stream({ start, end }) }
  } finally {
    if (!isStreaming) await object.close()
  }
}

/** `GET` and `HEAD /key?objectMeta`. Source: "GetObjectMeta", Alibaba Cloud OSS documentation. */
export async function getObjectMeta(call: Call, bucket: Bucket): Promise<Reply> {
  const meta = await bucket.objects.head(call.key)
  if (!meta) throw noSuchKey(call)
  const { ETag, 'Last-Modified': modified, 'x-oss-hash-crc64ecma': crc64 } = metaHeaders(meta)
  const length = call.request.method === 'HEAD' ? { 'Content-Length': String(meta.size) } : {}
  const headers = { ETag, 'Last-Modified': modified, 'x-oss-hash-crc64ecma': crc64, ...length }
  return { status: 200, headers }
}

/** Returns the error for a call on an object that does not exist. */
export function noSuchKey({ key }: Call): OssError {
  return new OssError('noSuchKey', { details: { Key: key } })
}

async function openObject(
  call: Call,
  bucket: Bucket,
): Promise<{ object: OpenObject; isSymlink: boolean }> {
  const found = await bucket.objects.open(call.key)
  if (!found) throw noSuchKey(call)
  const { symlinkTarget } = found.meta
  if (symlinkTarget === undefined) return { object: found, isSymlink: false }
  await found.close()
  const object = await bucket.objects.open(symlinkTarget)
  if (!object) throw new OssError('symlinkTargetMissing', { details: { Key: symlinkTarget } })
  if (object.meta.symlinkTarget === undefined) return { object, isSymlink: true }
  await object.close()
  throw new OssError('symlinkTargetInvalid', { details: { Key: symlinkTarget } })
}

function overriddenHeaders(call: Call): Record<string, string> {
  const headers: Record<string, string> = {}
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
  return headers
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
