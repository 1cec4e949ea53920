import { createHmac } from 'node:crypto'
import { jsonString } from './json-string.ts'
import { signV4 } from './signing-key.ts'

/** One condition of a PostObject policy, in the forms that OSS documents. */
export type PolicyCondition =
  | Record<string, string>
  | ['eq' | 'starts-with', field: string, value: string]
  | ['in' | 'not-in', field: string, values: string[]]
  | ['content-length-range', min: number, max: number]

/** The document that is signed: what a form may contain, and until when. */
export interface PostPolicy {
  /** ISO 8601, GMT, e.g. `2026-01-31T12:00:00.000Z`. */
  expiration: string
  conditions: PolicyCondition[]
}

/**
 * The policy as base64 of JSON, the value of the form's `policy` field and the text that is signed.
 *
 * A `$` within a value is written as a JSON escape: OSS reads `\$` as a literal dollar, which is
 * not legal JSON, and a Unicode escape means the same to OSS and to every JSON parser.
 * Source: "PostObject", Alibaba Cloud OSS documentation, escape characters of the policy.
 */
export function encodePolicy(policy: PostPolicy): string {
  const { expiration, conditions } = policy
  const json = conditions.some(hasDollar)
    ? `{"expiration":${JSON.stringify(expiration)},"conditions":[${conditions.map(conditionJson).join(',')}]}`
    : JSON.stringify({ expiration, conditions })
  return encodePolicyJson(json)
}

/** Base64 of a policy that is JSON already. */
export function encodePolicyJson(json: string): string {
  return Buffer.from(json, 'utf8').toString('base64')
}

/** What `encodePolicy` has encoded. */
export function decodePolicy(policyBase64: string): PostPolicy {
  return JSON.parse(Buffer.from(policyBase64, 'base64').toString('utf8'))
}

/** V1 signature of a policy: base64 of HMAC-SHA1 over its base64 text. */
export function signPolicyV1(policyBase64: string, secret: string): string {
  return createHmac('sha1', secret).update(policyBase64).digest('base64')
}

/**
 * V4 signature of a policy: lower-case hex of HMAC-SHA256 over its base64 text.
 *
 * @param day `YYYYMMDD`, UTC, the same as in the credential and in x-oss-date
 * @param region without the `oss-` prefix
 */
export function signPolicyV4(
  policyBase64: string,
  secret: string,
  day: string,
  region: string,
): string {
  return signV4(policyBase64, secret, day, region)
}

/**
 * The condition `["eq", "$name", value]` as `encodePolicy` writes it.
 *
 * @param name Of a form field; a policy has it in lower case
 */
export function pinnedFieldJson(name: string, value: string): string {
  return `["eq",${jsonString(`$${name.toLowerCase()}`)},${policyString(value)}]`
}

/** A value in a policy as `encodePolicy` writes it. */
export function policyString(value: string): string {
  return escapeDollars(jsonString(value))
}

/** A JSON string as `encodePolicy` writes it. */
export function escapeDollars(json: string): string {
  return json.includes('$') ? json.replaceAll('$', '\\u0024') : json
}

function hasDollar(condition: PolicyCondition): boolean {
  if (!Array.isArray(condition)) {
    return Object.entries(condition).some(([name, value]) => `${name}${value}`.includes('$'))
  }
  const operand = condition[2]
  if (typeof operand === 'number') return false
  return Array.isArray(operand)
    ? operand.some((value) => value.includes('$'))
    : operand.includes('$')
}

function conditionJson(condition: PolicyCondition): string {
  if (!Array.isArray(condition)) {
    const pairs = Object.entries(condition).map(
      ([name, value]) => `${policyString(name)}:${policyString(value)}`,
    )
    return `{${pairs.join(',')}}`
  }
  if (condition[0] === 'content-length-range') return JSON.stringify(condition)
  const [operator, field, value] = condition
  const operand = Array.isArray(value)
    ? `[${value.map(policyString).join(',')}]`
    : policyString(value)
  return `[${JSON.stringify(operator)},${JSON.stringify(field)},${operand}]`
}
