import { createHmac } from 'node:crypto'
import { canonicalRequestV4, signV4, stringToSignV4 } from '@oss-direct-upload/signing'
import { OssError } from '../errors/oss-error.ts'
import { type AccessKey, type AccessKeys, findKey } from './access-key.ts'
import { parseBasicDate } from './basic-date.ts'
import { canonicalStringV1 } from './canonical-string-v1.ts'
import { compareSignatures } from './compare-signatures.ts'
import { type Credential, parseCredential } from './credential.ts'
import { type SignedRequest, signedHeader } from './signed-request.ts'

/** Clock skew that OSS tolerates. */
const SKEW_MS = 15 * 60 * 1000
const MAX_EXPIRY_SECONDS = 604_800

/**
 * Verifies the signature of a request, V4 or V1, in the Authorization header or in the URL.
 * Sources: "Include a V4 signature in the Authorization header", "… in a URL" and their V1
 * counterparts, Alibaba Cloud OSS documentation.
 *
 * @param region Of the service, without the `oss-` prefix
 * @returns the key that signed it; undefined for a request without a signature
 * @throws OssError
 */
export function authenticate(
  request: SignedRequest,
  keys: AccessKeys,
  region: string,
  now: Date,
): AccessKey | undefined {
  const query = new Map(request.query)
  const authorization = signedHeader(request, 'authorization')
  const inUrl = query.has('x-oss-signature') || query.has('Signature')
  if (authorization === undefined) {
    if (!inUrl) return undefined
    return query.has('x-oss-signature')
      ? urlV4(request, query, keys, region, now)
      : urlV1(request, query, keys, now)
  }
  if (inUrl) throw new OssError('authorizationTwice')
  if (authorization.startsWith('OSS4-HMAC-SHA256 ')) {
    return headerV4(request, authorization, keys, region, now)
  }
  return headerV1(request, authorization, keys, now)
}

function headerV4(
  request: SignedRequest,
  authorization: string,
  keys: AccessKeys,
  region: string,
  now: Date,
): AccessKey {
  const parts = new Map(
    authorization
      .slice('OSS4-HMAC-SHA256 '.length)
      .split(',')
      .map((part) => part.trim())
      .map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]),
  )
  const { accessKeyId: id, day } = readCredential(parts.get('Credential') ?? '', region)
  const signature = parts.get('Signature')
  if (!signature) throw new OssError('authorizationInvalid')
  // The Go SDK signs the text of its Date header instead of x-oss-date.
  const ossDate = signedHeader(request, 'x-oss-date')
  const date = ossDate ?? signedHeader(request, 'date')
  const instant = ossDate ?? toV4Date(date)
  if (date === undefined || instant === undefined) throw new OssError('dateMissing')
  checkSkew(readDate(instant, day), now)
  const payload = signedHeader(request, 'x-oss-content-sha256') ?? 'UNSIGNED-PAYLOAD'
  if (payload !== 'UNSIGNED-PAYLOAD') throw new OssError('authorizationInvalid')
  const key = findKey(keys, id, signedHeader(request, 'x-oss-security-token'), now)
  const additional = (parts.get('AdditionalHeaders') ?? '').split(';').filter((n) => n !== '')
  checkV4(request, request.query, additional, key, { date, day }, region, signature)
  return key
}

function urlV4(
  request: SignedRequest,
  query: ReadonlyMap<string, string>,
  keys: AccessKeys,
  region: string,
  now: Date,
): AccessKey {
  if (query.get('x-oss-signature-version') !== 'OSS4-HMAC-SHA256') {
    throw new OssError('authorizationInvalid')
  }
  const { accessKeyId: id, day } = readCredential(query.get('x-oss-credential') ?? '', region)
  const date = query.get('x-oss-date') ?? ''
  const signed = readDate(date, day)
  const expires = query.get('x-oss-expires') ?? ''
  if (!/^[1-9]\d{0,5}$/.test(expires) || Number(expires) > MAX_EXPIRY_SECONDS) {
    throw new OssError('expiresInvalid')
  }
  const end = new Date(signed.getTime() + Number(expires) * 1000)
  if (signed.getTime() - now.getTime() > SKEW_MS || end < now) {
    throw new OssError('urlExpired', {
      details: { Expires: end.toISOString(), ServerTime: now.toISOString() },
    })
  }
  const key = findKey(keys, id, query.get('x-oss-security-token'), now)
  const covered = request.query.filter(([name]) => name !== 'x-oss-signature')
  const additional = (query.get('x-oss-additional-headers') ?? '')
    .split(';')
    .filter((name) => name !== '')
  const signature = query.get('x-oss-signature') ?? ''
  checkV4(request, covered, additional, key, { date, day }, region, signature)
  return key
}

function checkV4(
  request: SignedRequest,
  query: SignedRequest['query'],
  additional: readonly string[],
  key: AccessKey,
  { date, day }: { date: string; day: string },
  region: string,
  signature: string,
): void {
  const canonical = canonicalRequestV4({
    method: request.method,
    ...(request.bucket === undefined ? {} : { bucket: request.bucket }),
    ...(request.key === undefined ? {} : { key: request.key }),
    query,
    headers: request.headers,
    additionalHeaders: additional,
  })
  const toSign = stringToSignV4(canonical, date, region, day)
  const expected = signV4(toSign, key.accessKeySecret, day, region)
  compare(signature, expected, key, toSign, canonical)
}

function headerV1(
  request: SignedRequest,
  authorization: string,
  keys: AccessKeys,
  now: Date,
): AccessKey {
  const parts = /^OSS ([^:\s]+):(\S+)$/.exec(authorization)
  if (!parts) throw new OssError('authorizationInvalid')
  const date = signedHeader(request, 'x-oss-date') ?? signedHeader(request, 'date')
  const signed = new Date(date ?? Number.NaN)
  if (date === undefined || Number.isNaN(signed.getTime())) throw new OssError('dateMissing')
  checkSkew(signed, now)
  const key = findKey(keys, parts[1] ?? '', signedHeader(request, 'x-oss-security-token'), now)
  const toSign = canonicalStringV1(request, date)
  compare(parts[2] ?? '', signV1(toSign, key), key, toSign)
  return key
}

function urlV1(
  request: SignedRequest,
  query: ReadonlyMap<string, string>,
  keys: AccessKeys,
  now: Date,
): AccessKey {
  const expires = query.get('Expires') ?? ''
  if (!/^\d{1,11}$/.test(expires)) throw new OssError('expiresInvalid')
  const end = new Date(Number(expires) * 1000)
  if (end < now) {
    throw new OssError('urlExpiredV1', {
      details: { Expires: end.toISOString(), ServerTime: now.toISOString() },
    })
  }
  const key = findKey(keys, query.get('OSSAccessKeyId') ?? '', query.get('security-token'), now)
  const toSign = canonicalStringV1(request, expires)
  compare(query.get('Signature') ?? '', signV1(toSign, key), key, toSign)
  return key
}

function signV1(text: string, key: AccessKey): string {
  return createHmac('sha1', key.accessKeySecret).update(text).digest('base64')
}

function readCredential(credential: string, region: string): Credential {
  return parseCredential(credential, region, {
    malformed: 'authorizationInvalid',
    ending: 'authorizationInvalid',
    region: 'authorizationScopeInvalid',
  })
}

function readDate(date: string, day: string): Date {
  const signed = date.startsWith(day) ? parseBasicDate(date) : undefined
  if (!signed) throw new OssError('signedDateInvalid')
  return signed
}

function toV4Date(date: string | undefined): string | undefined {
  const instant = new Date(date ?? Number.NaN)
  if (Number.isNaN(instant.getTime())) return undefined
  return `${instant.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

function checkSkew(signed: Date, now: Date): void {
  if (Math.abs(signed.getTime() - now.getTime()) <= SKEW_MS) return
  throw new OssError('requestTimeTooSkewed', {
    details: {
      MaxAllowedSkewMilliseconds: String(SKEW_MS),
      RequestTime: signed.toISOString(),
      ServerTime: now.toISOString(),
    },
  })
}

function compare(
  given: string,
  expected: string,
  key: AccessKey,
  toSign: string,
  canonical?: string,
): void {
  compareSignatures(given, expected, key.accessKeyId, toSign, {
    ec: '0002-00000040',
    details: {
      StringToSignBytes: [...Buffer.from(toSign)]
        .map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
        .join(' '),
      ...(canonical === undefined ? {} : { CanonicalRequest: canonical }),
    },
  })
}
