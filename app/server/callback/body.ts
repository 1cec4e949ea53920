import { RequestError } from '../http/errors.ts'

/** An upload that a verified callback reports. */
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
  /** Names and values of the body as received, without the token. */
  fields: Record<string, string>
}

/**
 * Parses the body of a callback: a flat JSON object, or a urlencoded form.
 *
 * @throws RequestError InvalidRequest when it is neither, or lacks a value of the event
 */
export function parseCallbackBody(
  body: Buffer,
  contentType: string | undefined,
): { event: UploadedEvent; token: string } {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  const all = new Map(type === 'application/json' ? jsonFields(body) : formFields(body, type))
  const token = all.get('token') ?? ''
  all.delete('token')
  const get = (name: string): string => {
    const value = all.get(name)
    if (value === undefined) throw invalidBody(`has no "${name}"`)
    return value
  }
  const size = get('size')
  if (!/^\d{1,15}$/.test(size)) throw invalidBody('has a "size" that is no number of bytes')
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
    throw invalidBody('is not JSON')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalidBody('is not a JSON object')
  }
  return Object.entries(parsed).map(([name, value]) => {
    if (value === null) return [name, '']
    if (typeof value === 'object') throw invalidBody('is not a flat JSON object')
    return [name, String(value)]
  })
}

function formFields(body: Buffer, type: string | undefined): [string, string][] {
  if (type !== 'application/x-www-form-urlencoded') {
    throw invalidBody('is neither application/json nor application/x-www-form-urlencoded')
  }
  const fields = [...new URLSearchParams(utf8(body))]
  if (new Set(fields.map(([name]) => name)).size < fields.length) {
    throw invalidBody('has a field twice')
  }
  return fields
}

function utf8(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw invalidBody('is not UTF-8')
  }
}

function invalidBody(problem: string): RequestError {
  return new RequestError('InvalidRequest', `The body of the callback ${problem}`)
}
