import { jsonString, type PostFormInput, type SignedPostForm } from '../../signing/index.ts'

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
 * A SignatureResponse as JSON, just as `JSON.stringify` would write it.
 *
 * @param host Origin that the form is posted to
 * @param dir Key prefix, for clients that name the object themselves
 */
export function signatureJson(
  form: SignedPostForm,
  input: PostFormInput,
  host: string,
  dir: string,
): string {
  const { credentials, callback, target } = input
  const { policy, signature, expiration, date, credential } = form
  const quotedHost = jsonString(host)
  let json =
    `{"accessid":${jsonString(credentials.accessKeyId)},"host":${quotedHost},"policy":"${policy}",` +
    // Rounded down: a client that trusts it must not be late.
    `"signature":"${signature}","expire":${Math.floor(expiration.getTime() / 1000)},` +
    `"dir":${jsonString(dir)}`
  if (callback !== undefined) json += `,"callback":"${callback}"`
  if (date !== undefined && credential !== undefined) {
    json +=
      ',"x_oss_signature_version":"OSS4-HMAC-SHA256",' +
      `"x_oss_credential":${jsonString(credential)},"x_oss_date":"${date}"`
  }
  const { securityToken } = credentials
  if (securityToken !== undefined) json += `,"security_token":${jsonString(securityToken)}`
  json += `,"url":${quotedHost},"method":"POST","fields":${form.fieldsJson}`
  return 'key' in target ? `${json},"key":${jsonString(target.key)}}` : `${json}}`
}
