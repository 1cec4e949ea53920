import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds after a form expires in which its upload may still end: slow uploads take hours. */
export const UPLOAD_SECONDS = 86_400

/** What a token covers: one object, or any object whose key starts with a prefix. */
export type CallbackScope = { key: string } | { dir: string }

/**
 * Creates the token in the body of a callback. OSS's signature alone proves only that OSS sent the
 * request: the owner of any bucket can make OSS send any body to any address. The token ties a
 * callback to a form that was signed here.
 *
 * @param secret Key of the MAC; the same on every instance that may be called back
 * @param expires Unix seconds
 */
export function createCallbackToken(
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
 * Verifies a token against the object that a callback names.
 *
 * @param dir The prefix that tokens for a prefix cover
 * @param now Unix seconds
 * @returns When the token expires, in unix seconds; undefined when it is not valid
 */
export function verifyCallbackToken(
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
