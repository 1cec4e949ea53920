import { createHmac } from 'node:crypto'
import { HmacSha256Key } from './hmac-sha256.ts'

/** The key that signed last: servers sign all day with the same one, and it takes four hashes. */
let last: { id: string; key: HmacSha256Key } | undefined

/**
 * Derives the V4 signing key of one secret for one UTC day and region.
 *
 * Source: "Include a V4 signature in the POST request", Alibaba Cloud OSS documentation: HMAC-SHA256
 * chained over `aliyun_v4` + secret, day, region, `oss` and `aliyun_v4_request`.
 *
 * @param day `YYYYMMDD`, UTC
 * @param region without the `oss-` prefix, e.g. `ap-southeast-1`
 */
export function deriveSigningKey(secret: string, day: string, region: string): Buffer {
  return [day, region, 'oss', 'aliyun_v4_request'].reduce<Buffer>(
    (key, text) => createHmac('sha256', key).update(text).digest(),
    Buffer.from(`aliyun_v4${secret}`),
  )
}

/** Returns the lower-case hex HMAC-SHA256 of a text with the day's signing key. */
export function signV4(text: string, secret: string, day: string, region: string): string {
  const id = `${day} ${region} ${secret}`
  if (last?.id !== id) {
    last = { id, key: new HmacSha256Key(deriveSigningKey(secret, day, region)) }
  }
  return last.key.hex(text)
}

/** Returns `YYYYMMDD/region/oss/aliyun_v4_request`, the scope of a V4 credential. */
export function credentialScope(day: string, region: string): string {
  return `${day}/${region}/oss/aliyun_v4_request`
}
