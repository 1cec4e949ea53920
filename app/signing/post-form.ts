import type { Credentials } from './credentials.ts'
import {
  checkBucket,
  checkCallback,
  checkExpiry,
  checkFieldValue,
  checkForm,
  checkKey,
  checkRegion,
  checkSize,
} from './post-limits.ts'
import {
  encodePolicy,
  type PolicyCondition,
  type PostPolicy,
  signPolicyV1,
  signPolicyV4,
} from './post-policy.ts'
import { SigningError } from './signing-error.ts'
import { credentialScope } from './signing-key.ts'
import { utcTime } from './utc-time.ts'

/** V4 for everything new; V1 only for old buckets, as OSS closes it in phases since 2025-03-01. */
export type SignatureVersion = 'v4' | 'v1'

/** The exact policy: one key, one length, one type. */
export interface PostObjectTarget {
  key: string
  /** Bytes, 0 to 5 GiB. */
  size: number
  /** MIME type that the object gets, whatever the form's `file` says of itself. */
  contentType: string
  /** @default true */
  forbidOverwrite?: boolean
}

/** The general policy: any key under a prefix, for clients that know no name yet. */
export interface PostPrefixTarget {
  /** Key prefix, e.g. `upload/`; may be empty. */
  dir: string
  /** Bytes, 0 to 5 GiB. */
  maxSize: number
}

export interface PostFormInput {
  /** @default 'v4' */
  version?: SignatureVersion
  credentials: Credentials
  /** Without the `oss-` prefix, e.g. `ap-southeast-1`. */
  region: string
  bucket: string
  /** The one clock read of this signature. */
  now: Date
  /** Seconds, 1 to 604800. */
  expiresInSeconds: number
  target: PostObjectTarget | PostPrefixTarget
  /** @default 200 */
  successActionStatus?: 200 | 201 | 204
  /** Base64 of the callback's JSON, at most 5 KiB. */
  callback?: string
  /** More form fields, e.g. `Cache-Control`, `x-oss-meta-*`, `x:var`; the exact policy pins them. */
  fields?: Record<string, string>
}

export interface SignedPostForm {
  /** Every field in the order to send; `file` is to be appended last. */
  fields: [name: string, value: string][]
  document: PostPolicy
  /** Base64 of the document. */
  policy: string
  signature: string
  expiration: Date
  /** x-oss-date; V4 only. */
  date?: string
  /** x-oss-credential; V4 only. */
  credential?: string
}

/**
 * Signs a form that a browser posts to OSS itself.
 *
 * Every policy pins bucket, key, length and success_action_status. The exact one also pins content
 * type, overwrite rule, callback and every other field; the general one demands only what the
 * official sample clients send. Under V4 OSS wants the x-oss-* signature fields pinned as well.
 * Source: "PostObject" and "POST signature V4", Alibaba Cloud OSS documentation.
 *
 * @throws SigningError for input that OSS would refuse
 */
export function signPostForm(input: PostFormInput): SignedPostForm {
  const { credentials, bucket, region, now, expiresInSeconds, target, callback } = input
  checkBucket(bucket)
  checkRegion(region)
  checkExpiry(expiresInSeconds)
  if (!credentials.accessKeyId || !credentials.accessKeySecret) {
    throw new SigningError('InvalidCredentials', 'Both access key id and secret are needed to sign')
  }
  if (callback !== undefined) checkCallback(callback)

  const { day, date } = utcTime(now)
  const expiration = new Date(now.getTime() + expiresInSeconds * 1000)
  const v4 = (input.version ?? 'v4') === 'v4'
  const credential = `${credentials.accessKeyId}/${credentialScope(day, region)}`
  const status = String(input.successActionStatus ?? 200)

  const described = describedFields(target, status, callback, input.fields ?? {})
  const signing: [string, string][] = v4
    ? [
        ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
        ['x-oss-credential', credential],
        ['x-oss-date', date],
      ]
    : []
  if (credentials.securityToken !== undefined) {
    signing.push(['x-oss-security-token', credentials.securityToken])
  }

  const conditions: PolicyCondition[] = [
    { bucket },
    ...targetConditions(target),
    ...pinned('key' in target ? described : [['success_action_status', status]]),
    ...pinned(v4 || 'key' in target ? signing : []),
  ]
  const document: PostPolicy = { expiration: expiration.toISOString(), conditions }
  const policy = encodePolicy(document)
  const signature = v4
    ? signPolicyV4(policy, credentials.accessKeySecret, day, region)
    : signPolicyV1(policy, credentials.accessKeySecret)

  const key = 'key' in target ? target.key : `${target.dir}\${filename}`
  const fields: [string, string][] = [
    ['key', key],
    ...described,
    ['policy', policy],
    ...(v4 ? [] : ([['OSSAccessKeyId', credentials.accessKeyId]] as [string, string][])),
    ...signing,
    [v4 ? 'x-oss-signature' : 'signature', signature],
  ]
  for (const [name, value] of fields) checkFieldValue(name, value)
  checkForm(fields)
  return { fields, document, policy, signature, expiration, ...(v4 ? { date, credential } : {}) }
}

function describedFields(
  target: PostObjectTarget | PostPrefixTarget,
  status: string,
  callback: string | undefined,
  extra: Record<string, string>,
): [string, string][] {
  const fields: [string, string][] = [['success_action_status', status]]
  if ('key' in target) {
    fields.push(['Content-Type', target.contentType])
    // The type of the file's own part would win over the field above, but not over this one.
    fields.push(['x-oss-content-type', target.contentType])
    if (target.forbidOverwrite ?? true) fields.push(['x-oss-forbid-overwrite', 'true'])
    else fields.push(['x-oss-forbid-overwrite', 'false'])
  }
  if (callback !== undefined) fields.push(['callback', callback])
  const more = Object.entries(extra)
  if (more.length === 0) return fields
  const taken = new Set(fields.map(([name]) => name.toLowerCase()))
  for (const [name, value] of more) {
    const reserved =
      /^(key|policy|file|signature|ossaccesskeyid|x-oss-(signature|credential|date|security-token))/i
    if (!/^[\x21-\x7e]+$/.test(name) || name.includes('"')) {
      throw new SigningError('InvalidField', `"${name}" is not a name for a form field`)
    }
    if (reserved.test(name) || taken.has(name.toLowerCase())) {
      throw new SigningError(
        'InvalidField',
        `The form field "${name}" is set by the signature itself`,
      )
    }
    taken.add(name.toLowerCase())
    fields.push([name, value])
  }
  return fields
}

function targetConditions(target: PostObjectTarget | PostPrefixTarget): PolicyCondition[] {
  if ('key' in target) {
    checkKey(target.key)
    checkSize(target.size)
    if (target.contentType === '') {
      throw new SigningError('InvalidField', 'An exact form needs a content type')
    }
    // OSS expands the variable after it has checked the policy, so the key would not be this one.
    if (target.key.includes('${filename}')) {
      throw new SigningError(
        'InvalidObjectName',
        'An exact object key must not contain ${filename}: OSS would replace it',
      )
    }
    return [
      ['eq', '$key', target.key],
      ['content-length-range', target.size, target.size],
    ]
  }
  if (target.dir !== '') checkKey(target.dir)
  checkSize(target.maxSize)
  return [
    ['starts-with', '$key', target.dir],
    ['content-length-range', 0, target.maxSize],
  ]
}

function pinned(fields: [string, string][]): PolicyCondition[] {
  return fields.map(([name, value]) => ['eq', `$${name.toLowerCase()}`, value])
}
