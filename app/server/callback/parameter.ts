import { createHmac, randomBytes } from 'node:crypto'
import type { SigningOptions } from '../signing-options.ts'
import { type CallbackScope, callbackToken, UPLOAD_SECONDS } from './token.ts'

/**
 * The form field `callback`: base64 of the JSON that tells OSS whom to call with what ("Callback",
 * Alibaba Cloud OSS documentation). The request id makes the body of every callback its own.
 *
 * @param expires When the form expires, in unix seconds
 */
export function callbackParameter(
  callbackUrl: string,
  secret: Buffer,
  bucket: string,
  scope: CallbackScope,
  expires: number,
): string {
  const token = callbackToken(secret, bucket, scope, expires + UPLOAD_SECONDS)
  const parameter = {
    callbackUrl: new URL(callbackUrl).href,
    callbackBody:
      '{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},' +
      `"mimeType":\${mimeType},"reqId":\${reqId},"token":"${token}"}`,
    callbackBodyType: 'application/json',
  }
  return Buffer.from(JSON.stringify(parameter), 'utf8').toString('base64')
}

/**
 * The key that callback tokens are made with: the one given; else derived from a lasting access
 * key, so that it outlives a restart and all instances share it; else, with credentials that
 * change, one that lives as long as this process.
 */
export function callbackSecret(options: SigningOptions): Buffer {
  const { callbackSecret: given, credentials } = options
  if (given === undefined && typeof credentials === 'function') return randomBytes(32)
  const source = given ?? (typeof credentials === 'function' ? '' : credentials.accessKeySecret)
  return createHmac('sha256', source).update('callback token').digest()
}
