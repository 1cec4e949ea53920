import { createHmac } from 'node:crypto'
import { HmacSha256Key } from './hmac-sha256.ts'

/** One V4 signing key, as bytes and ready to sign with. */
interface SigningKey {
  bytes: Buffer
  hmac: HmacSha256Key
}

const kept = new Map<string, SigningKey>()
const KEPT_KEYS = 64
/** The key that was asked for last: nearly always the one that is asked for next. */
let last: { secret: string; day: string; region: string; key: SigningKey } | undefined

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/**
 * The V4 signing key of one secret for one UTC day and region; a bounded number of them is kept.
 *
 * Source: "Include a V4 signature in the POST request", Alibaba Cloud OSS documentation: HMAC-SHA256
 * chained over `aliyun_v4` + secret, day, region, `oss` and `aliyun_v4_request`.
 *
 * @param day `YYYYMMDD`, UTC
 * @param region without the `oss-` prefix, e.g. `ap-southeast-1`
 */
export function deriveSigningKey(secret: string, day: string, region: string): Buffer {
  return Buffer.from(signingKey(secret, day, region).bytes)
}

function signingKey(secret: string, day: string, region: string): SigningKey {
  if (last?.secret === secret && last.day === day && last.region === region) return last.key
  const key = keptKey(secret, day, region)
  last = { secret, day, region, key }
  return key
}

function keptKey(secret: string, day: string, region: string): SigningKey {
  const name = `${day} ${region.length} ${region}${secret}`
  const known = kept.get(name)
  if (known) return known
  const ofService = hmac(hmac(hmac(`aliyun_v4${secret}`, day), region), 'oss')
  const bytes = hmac(ofService, 'aliyun_v4_request')
  const key = { bytes, hmac: new HmacSha256Key(bytes) }
  const oldest = kept.keys().next()
  if (kept.size >= KEPT_KEYS && !oldest.done) kept.delete(oldest.value)
  kept.set(name, key)
  return key
}

/** Lower-case hex HMAC-SHA256 of a text with the day's signing key: every V4 signature ends so. */
export function signV4(text: string, secret: string, day: string, region: string): string {
  return signingKey(secret, day, region).hmac.hex(text)
}

/** `YYYYMMDD/region/oss/aliyun_v4_request`, the scope a V4 credential is good for. */
export function credentialScope(day: string, region: string): string {
  return `${day}/${region}/oss/aliyun_v4_request`
}
