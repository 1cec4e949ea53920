import type { Credentials } from './credentials.ts'
import { describedFields } from './described-fields.ts'
import type { FormField } from './form-fields.ts'
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
  encodePolicyJson,
  type PostPolicy,
  policyString,
  signPolicyV1,
  signPolicyV4,
} from './post-policy.ts'
import { SignedForm } from './signed-form.ts'
import { SigningError } from './signing-error.ts'
import { signingFields } from './signing-fields.ts'
import { isoTime, utcTime } from './utc-time.ts'

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
  fields: FormField[]
  readonly document: PostPolicy
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

  const version = input.version ?? 'v4'
  const exact = 'key' in target
  const time = utcTime(now)
  const expires = now.getTime() + expiresInSeconds * 1000
  const allowed = exact ? objectConditions(target) : prefixConditions(target)
  const described = describedFields({
    status: input.successActionStatus ?? 200,
    object: exact ? target : undefined,
    callback,
    extra: input.fields,
  })
  const signing = signingFields(version, credentials, region, time)
  const pinned = [exact ? described.conditions : described.first]
  if ((version === 'v4' || exact) && signing.conditions !== '') pinned.push(signing.conditions)
  const policy = encodePolicyJson(
    `{"expiration":"${isoTime(expires)}","conditions":[{"bucket":"${bucket}"},` +
      `${allowed},${pinned.join(',')}]}`,
  )
  const fields: FormField[] = [
    ['key', exact ? target.key : `${target.dir}\${filename}`],
    ...described.fields,
    ['policy', policy],
  ]
  if (version === 'v4') {
    const signature = signPolicyV4(policy, credentials.accessKeySecret, time.day, region)
    for (const [name, value] of signing.fields) fields.push([name, value])
    fields.push(['x-oss-signature', signature])
    checkForm(fields)
    return new SignedForm(fields, policy, signature, expires, time.date, signing.credential)
  }
  checkFieldValue('OSSAccessKeyId', credentials.accessKeyId)
  const signature = signPolicyV1(policy, credentials.accessKeySecret)
  fields.push(['OSSAccessKeyId', credentials.accessKeyId])
  for (const [name, value] of signing.fields) fields.push([name, value])
  fields.push(['signature', signature])
  checkForm(fields)
  return new SignedForm(fields, policy, signature, expires)
}

/** The exact policy's conditions on key and length, as JSON. */
function objectConditions({ key, size, contentType }: PostObjectTarget): string {
  checkKey(key)
  checkFieldValue('key', key)
  checkSize(size)
  if (contentType === '') {
    throw new SigningError('InvalidField', 'An exact form needs a content type')
  }
  // OSS expands the variable after it has checked the policy, so the key would not be this one.
  if (key.includes('${filename}')) {
    throw new SigningError(
      'InvalidObjectName',
      'An exact object key must not contain ${filename}: OSS would replace it',
    )
  }
  return `["eq","$key",${policyString(key)}],["content-length-range",${size},${size}]`
}

/** The general policy's conditions on key and length, as JSON. */
function prefixConditions({ dir, maxSize }: PostPrefixTarget): string {
  if (dir !== '') checkKey(dir)
  checkFieldValue('key', dir)
  checkSize(maxSize)
  return `["starts-with","$key",${policyString(dir)}],["content-length-range",0,${maxSize}]`
}
