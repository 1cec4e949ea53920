import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

const kept = new Map<string, KeyObject>()
const KEPT_KEYS = 64

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
  return signingKey(secret, day, region).export()
}

// A key object, as Node takes eight times as long to sign with a Buffer.
function signingKey(secret: string, day: string, region: string): KeyObject {
  const name = `${day} ${region.length} ${region}${secret}`
  const known = kept.get(name)
  if (known) return known
  const ofService = hmac(hmac(hmac(`aliyun_v4${secret}`, day), region), 'oss')
  const key = createSecretKey(hmac(ofService, 'aliyun_v4_request'))
  const oldest = kept.keys().next()
  if (kept.size >= KEPT_KEYS && !oldest.done) kept.delete(oldest.value)
  kept.set(name, key)
  return key
}

/** Lower-case hex HMAC-SHA256 of a text with the day's signing key: every V4 signature ends so. */
export function signV4(text: string, secret: string, day: string, region: string): string {
  return createHmac('sha256', signingKey(secret, day, region))
    .update(text)
    .digest('hex')
}

/** `YYYYMMDD/region/oss/aliyun_v4_request`, the scope a V4 credential is good for. */
export function credentialScope(day: string, region: string): string {
  return `${day}/${region}/oss/aliyun_v4_request`
}
