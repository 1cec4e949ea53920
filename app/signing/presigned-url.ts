import {
  additionalHeaderNames,
  canonicalRequestV4,
  encodeKey,
  encodeUri,
  stringToSignV4,
} from './canonical-request.ts'
import type { Credentials } from './credentials.ts'
import { checkBucket, checkCredentials, checkExpiry, checkKey, checkRegion } from './post-limits.ts'
import { SigningError } from './signing-error.ts'
import { credentialScope, signV4 } from './signing-key.ts'
import { utcTime } from './utc-time.ts'

/** Parameters of the signature itself. */
const RESERVED =
  /^x-oss-(signature|signature-version|credential|date|expires|additional-headers|security-token)$/i

export interface PresignInput {
  credentials: Credentials
  /** Without the `oss-` prefix. */
  region: string
  bucket: string
  /** Absent for a request on the bucket. */
  key?: string
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  /** Origin with the bucket in it, e.g. `https://b.oss-ap-southeast-1.aliyuncs.com`. */
  endpoint: string
  now: Date
  /** Seconds, 1 to 604800. */
  expiresInSeconds: number
  /** E.g. `{ uploads: '' }` or `{ partNumber: '1', uploadId: '…' }` for multipart uploads. */
  query?: Record<string, string>
  /** Headers that the request must carry with these values, e.g. Content-Type. */
  headers?: Record<string, string>
  /** Names among `headers` to sign in addition to those that always are. */
  additionalHeaders?: readonly string[]
}

/**
 * Presigns a URL: until it expires, everyone who has it can make this one request. A presigned PUT
 * cannot limit the length of its body unless content-length is signed; a form can.
 * Source: "Include a V4 signature in a URL", Alibaba Cloud OSS documentation.
 *
 * @throws SigningError for input that OSS would refuse
 */
export function presignUrl(input: PresignInput): string {
  const { credentials, region, bucket, key, endpoint, expiresInSeconds } = input
  checkBucket(bucket)
  checkRegion(region)
  checkExpiry(expiresInSeconds)
  if (key !== undefined) checkKey(key)
  checkCredentials(credentials)
  for (const name of Object.keys(input.query ?? {})) {
    if (RESERVED.test(name)) {
      throw new SigningError(
        'InvalidField',
        `The parameter "${name}" is set by the signature itself`,
      )
    }
  }
  const { day, date } = utcTime(input.now)
  const headers = Object.entries(input.headers ?? {})
  const sent = new Set(headers.map(([name]) => name.toLowerCase()))
  const additional = additionalHeaderNames(input.additionalHeaders ?? []).filter((n) => sent.has(n))

  const query: [string, string][] = Object.entries(input.query ?? {})
  query.push(['x-oss-signature-version', 'OSS4-HMAC-SHA256'])
  query.push(['x-oss-credential', `${credentials.accessKeyId}/${credentialScope(day, region)}`])
  query.push(['x-oss-date', date])
  query.push(['x-oss-expires', String(expiresInSeconds)])
  if (additional.length > 0) query.push(['x-oss-additional-headers', additional.join(';')])
  if (credentials.securityToken !== undefined) {
    query.push(['x-oss-security-token', credentials.securityToken])
  }

  const canonical = canonicalRequestV4({
    method: input.method,
    bucket,
    ...(key === undefined ? {} : { key }),
    query,
    headers,
    additionalHeaders: additional,
  })
  const toSign = stringToSignV4(canonical, date, region)
  query.push(['x-oss-signature', signV4(toSign, credentials.accessKeySecret, day, region)])
  const search = query.map(([name, value]) =>
    value === '' ? encodeUri(name) : `${encodeUri(name)}=${encodeUri(value)}`,
  )
  return `${endpoint.replace(/\/+$/, '')}/${encodeKey(key ?? '')}?${search.join('&')}`
}
