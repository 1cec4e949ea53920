import { createHash } from 'node:crypto'
import { credentialScope } from './signing-key.ts'

/** What a V4 signature covers of one request. */
export interface CanonicalInput {
  /** Upper case. */
  method: string
  bucket?: string
  /** Decoded object key; absent for requests on the bucket or on the service. */
  key?: string
  /** Decoded query, without `x-oss-signature`. */
  query: Iterable<readonly [name: string, value: string]>
  /** All request headers; names in any case, repeats allowed. */
  headers: Iterable<readonly [name: string, value: string]>
  /** Headers to sign in addition to x-oss-*, content-type and content-md5, which always are. */
  additionalHeaders?: readonly string[]
  /** @default 'UNSIGNED-PAYLOAD' */
  payload?: string
}

/** Percent-encodes everything but the unreserved characters of RFC 3986: `A-Z a-z 0-9 - _ . ~`. */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Returns an object key as a URL path; slashes stay as they are. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeUri).join('/')
}

/**
 * Returns the canonical request, the text whose hash V4 signs.
 * Source: "Include a V4 signature in the Authorization header", Alibaba Cloud OSS documentation.
 */
export function canonicalRequestV4(input: CanonicalInput): string {
  const additional = additionalHeaderNames(input.additionalHeaders ?? [])
  const query = [...input.query]
    .map(([name, value]) => [encodeUri(name), encodeUri(value)] as const)
    .sort((a, b) => order(a[0], b[0]) || order(a[1], b[1]))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join('&')
  const headers = new Map<string, string>()
  for (const [rawName, rawValue] of input.headers) {
    const name = rawName.toLowerCase()
    const always = name.startsWith('x-oss-') || name === 'content-type' || name === 'content-md5'
    if (!always && !additional.includes(name)) continue
    const before = headers.get(name)
    const value = rawValue.trim()
    headers.set(name, before === undefined ? value : `${before},${value}`)
  }
  const headerLines = [...headers]
    .sort((a, b) => order(a[0], b[0]))
    .map(([name, value]) => `${name}:${value}\n`)
    .join('')
  const resource = input.bucket === undefined ? '/' : `/${input.bucket}/${input.key ?? ''}`
  return [
    input.method,
    encodeKey(resource),
    query,
    headerLines,
    additional.join(';'),
    input.payload ?? 'UNSIGNED-PAYLOAD',
  ].join('\n')
}

/** Returns the names in lower case and sorted, without those that are always signed. */
export function additionalHeaderNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))]
    .filter((n) => !n.startsWith('x-oss-') && n !== 'content-type' && n !== 'content-md5')
    .sort(order)
}

/**
 * Returns the string to sign, which the day's key signs.
 *
 * @param date `YYYYMMDDTHHMMSSZ`, or the request's other form of it
 * @param region without the `oss-` prefix
 * @param day `YYYYMMDD`. @default the first eight characters of the date
 */
export function stringToSignV4(
  canonicalRequest: string,
  date: string,
  region: string,
  day: string = date.slice(0, 8),
): string {
  const hash = createHash('sha256').update(canonicalRequest).digest('hex')
  return ['OSS4-HMAC-SHA256', date, credentialScope(day, region), hash].join('\n')
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
