import { createHmac, timingSafeEqual } from 'node:crypto'
import { RequestError } from '../http/errors.ts'

/** What was allowed when an upload started; every later step is held to it. */
export interface StartedUpload {
  key: string
  /** Bytes. */
  size: number
  contentType: string
  /** Bytes of every part but the last. */
  partSize: number
  /** Unix seconds. */
  expires: number
}

/**
 * Creates a token that carries what was allowed, authenticated by this server: no instance has to
 * store an upload, and every instance can sign its next step.
 *
 * @param secret Key of the MAC; the same on every instance
 */
export function createUploadToken(secret: Buffer, bucket: string, upload: StartedUpload): string {
  const { key, size, contentType, partSize, expires } = upload
  const text = JSON.stringify([key, size, contentType, partSize, expires])
  const payload = Buffer.from(text, 'utf8').toString('base64url')
  return `${payload}.${mac(secret, bucket, payload)}`
}

/**
 * Verifies a token.
 *
 * @param now Unix seconds
 * @throws RequestError UploadTokenInvalid for a token not created here, UploadExpired for an old one
 */
export function verifyUploadToken(
  token: unknown,
  secret: Buffer,
  bucket: string,
  now: number,
): StartedUpload {
  const [, payload = '', offered = ''] =
    /^([\w-]{1,4096})\.([\w-]{43})$/.exec(String(token ?? '')) ?? []
  const expected = mac(secret, bucket, payload)
  // As texts: several texts decode to the same bytes.
  if (
    offered.length !== expected.length ||
    !timingSafeEqual(Buffer.from(offered), Buffer.from(expected))
  ) {
    throw new RequestError('UploadTokenInvalid')
  }
  const [key, size, contentType, partSize, expires] = JSON.parse(
    Buffer.from(payload, 'base64url').toString('utf8'),
  ) as [string, number, string, number, number]
  if (expires <= now) throw new RequestError('UploadExpired')
  return { key, size, contentType, partSize, expires }
}

function mac(secret: Buffer, bucket: string, payload: string): string {
  return createHmac('sha256', secret).update(`upload\n${bucket}\n${payload}`).digest('base64url')
}
