import { timingSafeEqual } from 'node:crypto'
import { signPolicyV1, signPolicyV4 } from '../../signing/index.ts'
import { type AccessKey, type AccessKeys, findKey } from '../access/access-key.ts'
import { OssError } from '../errors/oss-error.ts'

const SKEW_MS = 15 * 60 * 1000
const LIFE_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Verifies who signed a form's policy.
 * Source: "PostObject" and "POST signature V4", Alibaba Cloud OSS documentation.
 *
 * @param fields Lower-case names
 * @param region Of the bucket, without the `oss-` prefix
 * @returns Who signed, and the version of the signature
 * @throws OssError
 */
export function checkSignature(
  fields: ReadonlyMap<string, string>,
  keys: AccessKeys,
  region: string,
  now: Date,
): { key: AccessKey; version: 'v4' | 'v1' } {
  const version = fields.get('x-oss-signature-version')
  if (version !== undefined && version !== 'OSS4-HMAC-SHA256') {
    throw new OssError('signatureVersionInvalid')
  }
  const policy = fields.get('policy')
  if (version === undefined) {
    const id = fields.get('ossaccesskeyid')
    if (!id) {
      const details = { ArgumentName: 'OSSAccessKeyId', ArgumentValue: '' }
      throw new OssError(id === '' ? 'accessKeyIdEmpty' : 'accessKeyIdMissing', { details })
    }
    if (!policy) throw new OssError('policyMissing')
    const key = findKey(keys, id, fields.get('x-oss-security-token'), now)
    compare(fields.get('signature'), signPolicyV1(policy, key.accessKeySecret), id, policy)
    return { key, version: 'v1' }
  }
  if (!policy) throw new OssError('policyMissing')
  const [id = '', day = '', credentialRegion, product, ending, ...rest] = (
    fields.get('x-oss-credential') ?? ''
  ).split('/')
  if (id === '' || !/^\d{8}$/.test(day) || product !== 'oss' || rest.length > 0) {
    throw new OssError('credentialInvalid')
  }
  if (ending !== 'aliyun_v4_request') throw new OssError('credentialScopeInvalid')
  if (credentialRegion !== region) throw new OssError('regionInvalid')
  checkDate(fields.get('x-oss-date'), day, now)
  const key = findKey(keys, id, fields.get('x-oss-security-token'), now)
  const expected = signPolicyV4(policy, key.accessKeySecret, day, region)
  compare(fields.get('x-oss-signature'), expected, id, policy)
  return { key, version: 'v4' }
}

function checkDate(date: string | undefined, day: string, now: Date): void {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date ?? '')
  if (!parts || !date?.startsWith(day)) throw new OssError('dateInvalid')
  const [, y, mo, d, h, mi, s] = parts
  const signed = Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`)
  const ahead = signed - now.getTime()
  if (Number.isNaN(signed) || ahead > SKEW_MS || -ahead > LIFE_MS) throw new OssError('dateInvalid')
}

function compare(given: string | undefined, expected: string, id: string, policy: string): void {
  if (!given) throw new OssError(given === '' ? 'signatureEmpty' : 'signatureMissing')
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  if (a.length === b.length && timingSafeEqual(a, b)) return
  throw new OssError('signatureDoesNotMatch', {
    details: { OSSAccessKeyId: id, SignatureProvided: given, StringToSign: policy },
  })
}
