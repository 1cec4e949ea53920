import { createCallbackToken, UPLOAD_SECONDS } from './token.ts'

/**
 * Returns the form field `callback`: base64 of the JSON that tells OSS whom to call with what body
 * ("Callback", Alibaba Cloud OSS documentation). The request id makes every body unique.
 *
 * @param key Of the one object that the callback may report
 * @param expires When the form expires, in unix seconds
 */
export function callbackParameter(
  options: { callbackUrl?: string; tokenSecret: Buffer; bucket: string },
  key: string,
  expires: number,
): string {
  const { callbackUrl = '', tokenSecret, bucket } = options
  const token = createCallbackToken(tokenSecret, bucket, key, expires + UPLOAD_SECONDS)
  const parameter = {
    callbackUrl: new URL(callbackUrl).href,
    callbackBody:
      '{"bucket":${bucket},"object":${object},"etag":${etag},"size":${size},' +
      `"mimeType":\${mimeType},"reqId":\${reqId},"token":"${token}"}`,
    callbackBodyType: 'application/json',
  }
  return Buffer.from(JSON.stringify(parameter), 'utf8').toString('base64')
}
