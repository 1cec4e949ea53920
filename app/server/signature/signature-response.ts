import type { PostFormInput, SignedPostForm } from '@oss-direct-upload/signing'

/** Body of `GET /signature`, which three kinds of client read; absent names are left out. */
export interface SignatureResponse {
  /** First form of the official samples (V1). */
  accessid: string
  host: string
  policy: string
  signature: string
  /** Unix seconds. */
  expire: number
  dir: string
  callback?: string
  /** V4 form of the official samples. */
  x_oss_signature_version?: string
  x_oss_credential?: string
  x_oss_date?: string
  security_token?: string
  /** Any modern uploader: post `fields` in their order to `url`, `file` last. */
  url: string
  method: 'POST'
  fields: Record<string, string>
  /** The exact object key, when the request named a file. */
  key?: string
}

/**
 * Returns the answer for a signed form.
 *
 * @param host Origin that the form is posted to
 * @param dir Key prefix, for clients that name the object themselves
 */
export function signatureResponse(
  form: SignedPostForm,
  { credentials, callback, target }: PostFormInput,
  host: string,
  dir: string,
): SignatureResponse {
  const { policy, signature, expiration, date, credential, fields } = form
  const { accessKeyId, securityToken } = credentials
  return {
    accessid: accessKeyId,
    host,
    policy,
    signature,
    // Rounded down: a client that relies on it must not be late.
    expire: Math.floor(expiration.getTime() / 1000),
    dir,
    ...(callback !== undefined && { callback }),
    ...(date !== undefined && {
      x_oss_signature_version: 'OSS4-HMAC-SHA256',
      x_oss_credential: credential,
      x_oss_date: date,
    }),
    ...(securityToken !== undefined && { security_token: securityToken }),
    url: host,
    method: 'POST',
    fields: Object.fromEntries(fields),
    ...('key' in target && { key: target.key }),
  }
}
