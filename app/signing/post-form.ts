import type {
  FormField,
  PostFormInput,
  PostObjectTarget,
  PostPrefixTarget,
  SignedPostForm,
} from './form-types.ts'
import {
  checkBucket,
  checkCallback,
  checkCredentials,
  checkExpiry,
  checkFields,
  checkKey,
  checkRegion,
  checkSize,
} from './post-limits.ts'
import { encodePolicy, type PolicyCondition, signPolicyV1, signPolicyV4 } from './post-policy.ts'
import { SigningError } from './signing-error.ts'
import { credentialScope } from './signing-key.ts'
import { utcTime } from './utc-time.ts'

/** Fields that the form sets itself, so that `input.fields` must not. */
const RESERVED =
  /^(key|policy|file|callback|success_action_status|(x-oss-)?content-type|x-oss-forbid-overwrite|signature|ossaccesskeyid|x-oss-(signature|credential|date|security-token).*)$/i

/**
 * Signs a form that a browser posts to OSS.
 *
 * Every policy pins bucket, key, length and success_action_status. An exact form also pins content
 * type, overwrite rule, callback and every further field; a general one pins only what the official
 * sample clients send. Under V4 OSS requires the x-oss-* signature fields to be pinned as well.
 * Source: "PostObject" and "POST signature V4", Alibaba Cloud OSS documentation.
 *
 * @throws SigningError for input that OSS would refuse
 */
export function signPostForm(input: PostFormInput): SignedPostForm {
  const { version = 'v4', credentials, bucket, region, now, expiresInSeconds, target } = input
  checkBucket(bucket)
  checkRegion(region)
  checkExpiry(expiresInSeconds)
  checkCredentials(credentials)
  const exact = 'key' in target
  const { day, date } = utcTime(now)
  const expiration = new Date(now.getTime() + expiresInSeconds * 1000)
  const credential = `${credentials.accessKeyId}/${credentialScope(day, region)}`
  const status: FormField = ['success_action_status', String(input.successActionStatus ?? 200)]
  const object = [...(exact ? objectFields(target) : []), ...furtherFields(input)]
  const signer: FormField[] =
    version === 'v4'
      ? [
          ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
          ['x-oss-credential', credential],
          ['x-oss-date', date],
        ]
      : []
  if (credentials.securityToken !== undefined) {
    signer.push(['x-oss-security-token', credentials.securityToken])
  }
  const pinned = exact
    ? [status, ...object, ...signer]
    : [status, ...(version === 'v4' ? signer : [])]
  const document = {
    expiration: expiration.toISOString(),
    conditions: [
      { bucket },
      ...(exact ? objectConditions(target) : prefixConditions(target)),
      ...pinned.map(([name, value]): PolicyCondition => ['eq', `$${name.toLowerCase()}`, value]),
    ],
  }
  const policy = encodePolicy(document)
  const { accessKeyId, accessKeySecret } = credentials
  const signature =
    version === 'v4'
      ? signPolicyV4(policy, accessKeySecret, day, region)
      : signPolicyV1(policy, accessKeySecret)
  const fields: FormField[] = [
    ['key', exact ? target.key : `${target.dir}\${filename}`],
    status,
    ...object,
    ['policy', policy],
    ...(version === 'v4' ? [] : [['OSSAccessKeyId', accessKeyId] satisfies FormField]),
    ...signer,
    [version === 'v4' ? 'x-oss-signature' : 'signature', signature],
  ]
  checkFields(fields)
  const signed = { fields, document, policy, signature, expiration }
  return version === 'v4' ? { ...signed, date, credential } : signed
}

function objectConditions({ key, size, contentType }: PostObjectTarget): PolicyCondition[] {
  checkKey(key)
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
  return [
    ['eq', '$key', key],
    ['content-length-range', size, size],
  ]
}

function prefixConditions({ dir, maxSize }: PostPrefixTarget): PolicyCondition[] {
  if (dir !== '') checkKey(dir)
  checkSize(maxSize)
  return [
    ['starts-with', '$key', dir],
    ['content-length-range', 0, maxSize],
  ]
}

function objectFields({ contentType, forbidOverwrite = true }: PostObjectTarget): FormField[] {
  return [
    ['Content-Type', contentType],
    // Without it, the type that the `file` part declares would override Content-Type.
    ['x-oss-content-type', contentType],
    ['x-oss-forbid-overwrite', String(forbidOverwrite)],
  ]
}

function furtherFields({ callback, fields = {} }: PostFormInput): FormField[] {
  if (callback !== undefined) checkCallback(callback)
  const names = new Set<string>()
  for (const name of Object.keys(fields)) {
    if (!/^[\x21-\x7e]+$/.test(name) || name.includes('"')) {
      throw new SigningError('InvalidField', `"${name}" is not a name for a form field`)
    }
    if (RESERVED.test(name) || names.has(name.toLowerCase())) {
      throw new SigningError('InvalidField', `The form field "${name}" is set by the form itself`)
    }
    names.add(name.toLowerCase())
  }
  return [
    ...(callback === undefined ? [] : [['callback', callback] satisfies FormField]),
    ...Object.entries(fields),
  ]
}
