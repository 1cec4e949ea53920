import type { PostFormInput, SignedPostForm } from '../signing/index.ts'

/** The one JSON that three kinds of client read; absent names are left out. */
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
 * @param host Origin that the form is posted to
 * @param dir Key prefix, for clients that name the object themselves
 */
export function signatureResponse(
  form: SignedPostForm,
  input: PostFormInput,
  host: string,
  dir: string,
): SignatureResponse {
  const { credentials, callback, target } = input
  return {
    accessid: credentials.accessKeyId,
    host,
    policy: form.policy,
    signature: form.signature,
    // Rounded down: a client that trusts it must not be late.
    expire: Math.floor(form.expiration.getTime() / 1000),
    dir,
    ...(callback === undefined ? {} : { callback }),
    ...(form.credential === undefined || form.date === undefined
      ? {}
      : {
          x_oss_signature_version: 'OSS4-HMAC-SHA256',
          x_oss_credential: form.credential,
          x_oss_date: form.date,
        }),
    ...(credentials.securityToken === undefined
      ? {}
      : { security_token: credentials.securityToken }),
    url: host,
    method: 'POST',
    fields: Object.fromEntries(form.fields),
    ...('key' in target ? { key: target.key } : {}),
  }
}
