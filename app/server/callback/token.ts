import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Seconds after a form's expiry during which its upload may still end: a form must be fresh when an
 * upload begins, and slow uploads last for hours.
 */
export const UPLOAD_SECONDS = 86_400

/** What a token vouches for: one object, or any object whose key starts with a prefix. */
export type CallbackScope = { key: string } | { dir: string }

/**
 * A mark that only this server can make, for the body of a callback. OSS's signature alone proves
 * no more than that OSS sent the request: whoever owns any bucket can have OSS send whatever body
 * to whatever address. The token ties a callback to a form that was signed here.
 *
 * @param secret Key of the MAC; the same on every instance that may be called back
 * @param expires Unix seconds
 */
export function callbackToken(
  secret: Buffer,
  bucket: string,
  scope: CallbackScope,
  expires: number,
): string {
  const kind = 'key' in scope ? 'key' : 'dir'
  const value = 'key' in scope ? scope.key : scope.dir
  return `${kind}.${expires}.${mac(secret, bucket, kind, expires, value).toString('base64url')}`
}

/**
 * Checks a token against the object that a callback names.
 *
 * @param dir The prefix that tokens for a prefix are made for
 * @param now Unix seconds
 * @returns When the token expires, in unix seconds; undefined when it does not hold
 */
export function checkCallbackToken(
  token: string,
  secret: Buffer,
  target: { bucket: string; object: string; dir: string },
  now: number,
): number | undefined {
  const [, kind, seconds, offered] = /^(key|dir)\.(\d{1,12})\.([\w-]{43})$/.exec(token) ?? []
  if (kind === undefined || seconds === undefined || offered === undefined) return undefined
  const expires = Number(seconds)
  const value = kind === 'key' ? target.object : target.dir
  const expected = mac(secret, target.bucket, kind, expires, value)
  if (!timingSafeEqual(Buffer.from(offered, 'base64url'), expected)) return undefined
  if (!target.object.startsWith(target.dir) || expires <= now) return undefined
  return expires
}

function mac(secret: Buffer, bucket: string, kind: string, expires: number, value: string): Buffer {
  return createHmac('sha256', secret)
    .update(`callback\n${bucket}\n${kind}\n${expires}\n${value}`)
    .digest()
}
