import { RequestError } from '../http/request-error.ts'

/** An upload that OSS has reported, and whose report has been verified. */
export interface UploadedEvent {
  bucket: string
  /** Object key. */
  object: string
  etag: string
  /** Bytes. */
  size: number
  /** Empty when OSS knows none. */
  mimeType: string
  /** OSS's id of the upload. */
  requestId: string
  /** The names and values of the body as they came, but for the token. */
  fields: Record<string, string>
}

/**
 * Reads the body of a callback: a flat JSON object, or a urlencoded form.
 *
 * @throws RequestError InvalidRequest when it is neither or lacks what makes an event
 */
export function readCallbackBody(
  body: Buffer,
  contentType: string | undefined,
): { event: UploadedEvent; token: string } {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const all = new Map(type === 'application/json' ? jsonFields(body) : formFields(body, type))
  const token = all.get('token') ?? ''
  all.delete('token')
  const get = (name: string): string => {
    const value = all.get(name)
    if (value === undefined) throw unreadable(`has no "${name}"`)
    return value
  }
  const size = get('size')
  if (!/^\d{1,15}$/.test(size)) throw unreadable('has a "size" that is no number of bytes')
  const event = {
    bucket: get('bucket'),
    object: get('object'),
    etag: get('etag'),
    size: Number(size),
    mimeType: all.get('mimeType') ?? '',
    requestId: get('reqId'),
    fields: Object.fromEntries(all),
  }
  return { event, token }
}

function jsonFields(body: Buffer): [string, string][] {
  let parsed: unknown
  try {
    parsed = JSON.parse(utf8(body))
  } catch {
    throw unreadable('is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw unreadable('is not a JSON object')
  }
  return Object.entries(parsed).map(([name, value]) => {
    if (value === null) return [name, '']
    if (typeof value === 'object') throw unreadable('is not a flat JSON object')
    return [name, String(value)]
  })
}

function formFields(body: Buffer, type: string | undefined): [string, string][] {
  if (type !== 'application/x-www-form-urlencoded') {
    throw unreadable('is neither application/json nor application/x-www-form-urlencoded')
  }
  const fields = [...new URLSearchParams(utf8(body))]
  if (new Set(fields.map(([name]) => name)).size < fields.length) {
    throw unreadable('has a field twice')
  }
  return fields
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw unreadable('is not UTF-8')
  }
}

function unreadable(what: string): RequestError {
  return new RequestError('InvalidRequest', `The body of the callback ${what}`)
}
