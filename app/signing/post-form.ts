import type { Credentials } from './credentials.ts'
import { describedFields } from './described-fields.ts'
import { type FormField, pinFields } from './form-fields.ts'
import { jsonString } from './json-string.ts'
import {
  checkBucket,
  checkCallback,
  checkExpiry,
  checkFieldValue,
  checkKey,
  checkRegion,
  checkSize,
} from './post-limits.ts'
import {
  encodePolicyJson,
  escapeDollars,
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
  readonly fields: FormField[]
  /** All of them as one JSON object, in their order. */
  readonly fieldsJson: string
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
  const key = exact ? target.key : `${target.dir}\${filename}`
  const quotedKey = jsonString(key)
  const allowed = exact ? objectConditions(target, quotedKey) : prefixConditions(target)
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
  const first = `{"key":${quotedKey},${described.members},"policy":"${policy}",`
  if (version === 'v4') {
    const signature = signPolicyV4(policy, credentials.accessKeySecret, time.day, region)
    return new SignedForm({
      fieldsJson: `${first}${signing.members},"x-oss-signature":"${signature}"}`,
      listFields: () => [
        ['key', key],
        ...described.fields,
        ['policy', policy],
        ...signing.fields.map(([name, value]): FormField => [name, value]),
        ['x-oss-signature', signature],
      ],
      policy,
      signature,
      expires,
      date: time.date,
      credential: signing.credential,
    })
  }
  const signature = signPolicyV1(policy, credentials.accessKeySecret)
  const by = pinFields([['OSSAccessKeyId', credentials.accessKeyId], ...signing.fields])
  return new SignedForm({
    fieldsJson: `${first}${by.members},"signature":"${signature}"}`,
    listFields: () => [
      ['key', key],
      ...described.fields,
      ['policy', policy],
      ...by.fields,
      ['signature', signature],
    ],
    policy,
    signature,
    expires,
  })
}

/** The exact policy's conditions on key and length, as JSON. */
function objectConditions({ key, size, contentType }: PostObjectTarget, quotedKey: string): string {
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
  return `["eq","$key",${escapeDollars(quotedKey)}],["content-length-range",${size},${size}]`
}

/** The general policy's conditions on key and length, as JSON. */
function prefixConditions({ dir, maxSize }: PostPrefixTarget): string {
  if (dir !== '') checkKey(dir)
  checkFieldValue('key', dir)
  checkSize(maxSize)
  return `["starts-with","$key",${policyString(dir)}],["content-length-range",0,${maxSize}]`
}
