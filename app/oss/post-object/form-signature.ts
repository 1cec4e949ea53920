import { signPolicyV1, signPolicyV4 } from '@oss-direct-upload/signing'
import { type AccessKey, type AccessKeys, findKey } from '../access/access-key.ts'
import { parseBasicDate } from '../access/basic-date.ts'
import { compareSignatures } from '../access/compare-signatures.ts'
import { parseCredential } from '../access/credential.ts'
import { OssError } from '../errors/oss-error.ts'

/** How far the date of a form may be ahead, and how old it may be. */
const MAX_SKEW_MS = 15 * 60 * 1000
const MAX_AGE_MS = 7 * 24 * 60 * 60 * 1000

/** The signer of a form. */
export interface FormSigner {
  key: AccessKey
  version: 'v4' | 'v1'
}

/**
 * Verifies the signature of a form's policy.
 * Source: "PostObject" and "POST signature V4", Alibaba Cloud OSS documentation.
 *
 * @param fields By lower-case names
 * @param region Of the bucket, without the `oss-` prefix
 * @throws OssError
 */
export function verifyForm(
  fields: ReadonlyMap<string, string>,
  keys: AccessKeys,
  region: string,
  now: Date,
): FormSigner {
  const version = fields.get('x-oss-signature-version')
  if (version === undefined) return verifyV1(fields, keys, now)
  if (version !== 'OSS4-HMAC-SHA256') throw new OssError('signatureVersionInvalid')
  const policy = policyOf(fields)
  const { accessKeyId, day } = parseCredential(fields.get('x-oss-credential') ?? '', region, {
    malformed: 'credentialInvalid',
    ending: 'credentialScopeInvalid',
    region: 'regionInvalid',
  })
  checkDate(fields.get('x-oss-date') ?? '', day, now)
  const key = findKey(keys, accessKeyId, fields.get('x-oss-security-token'), now)
  const expected = signPolicyV4(policy, key.accessKeySecret, day, region)
  compare(fields.get('x-oss-signature'), expected, accessKeyId, policy)
  return { key, version: 'v4' }
}

function verifyV1(fields: ReadonlyMap<string, string>, keys: AccessKeys, now: Date): FormSigner {
  const id = fields.get('ossaccesskeyid')
  if (!id) {
    const details = { ArgumentName: 'OSSAccessKeyId', ArgumentValue: '' }
    throw new OssError(id === '' ? 'accessKeyIdEmpty' : 'accessKeyIdMissing', { details })
  }
  const policy = policyOf(fields)
  const key = findKey(keys, id, fields.get('x-oss-security-token'), now)
  compare(fields.get('signature'), signPolicyV1(policy, key.accessKeySecret), id, policy)
  return { key, version: 'v1' }
}

function policyOf(fields: ReadonlyMap<string, string>): string {
  const policy = fields.get('policy')
  if (!policy) throw new OssError('policyMissing')
  return policy
}

function checkDate(date: string, day: string, now: Date): void {
  const signed = date.startsWith(day) ? parseBasicDate(date) : undefined
  const aheadMs = signed ? signed.getTime() - now.getTime() : Number.NaN
  if (!(aheadMs <= MAX_SKEW_MS && -aheadMs <= MAX_AGE_MS)) throw new OssError('dateInvalid')
}

function compare(given: string | undefined, expected: string, id: string, policy: string): void {
  if (!given) throw new OssError(given === '' ? 'signatureEmpty' : 'signatureMissing')
  compareSignatures(given, expected, id, policy)
}
