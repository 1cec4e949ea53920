import { createHmac, timingSafeEqual } from 'node:crypto'

/** Seconds after a form expires in which its upload may still end: slow uploads take hours. */
export const UPLOAD_SECONDS = 86_400

/**
 * Creates the token in the body of a callback, which ties the callback to the form of one object.
 * OSS's signature alone proves only that OSS sent the request: the owner of any bucket can make OSS
 * send any body to any address.
 *
 * @param secret Key of the MAC; the same on every instance that may be called back
 * @param expires Unix seconds
 */
export function createCallbackToken(
  secret: Buffer,
  bucket: string,
  key: string,
  expires: number,
): string {
  return `${expires}.${mac(secret, bucket, key, expires)}`
}

/**
 * Verifies a token against the object that a callback names.
 *
 * @param now Unix seconds
 * @returns When the token expires, in unix seconds; undefined when it is not valid
 */
export function verifyCallbackToken(
  token: string,
  secret: Buffer,
  bucket: string,
  key: string,
  now: number,
): number | undefined {
  const [, seconds, offered] = /^(\d{1,12})\.([\w-]{43})$/.exec(token) ?? []
  if (seconds === undefined || offered === undefined) return undefined
  const expires = Number(seconds)
  const expected = mac(secret, bucket, key, expires)
  if (!timingSafeEqual(Buffer.from(offered), Buffer.from(expected))) return undefined
  return expires > now ? expires : undefined
}

function mac(secret: Buffer, bucket: string, key: string, expires: number): string {
  const text = `callback\n${bucket}\n${expires}\n${key}`
  return createHmac('sha256', secret).update(text).digest('base64url')
}
