import { createHmac } from 'node:crypto'
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

/** Every `$` but the one that begins a condition's field name: `["eq","$key",…`. */
const DOLLAR_IN_VALUE = /(?<!(?<!",)\["[a-z-]+",")\$/g

/**
 * Returns the policy as base64 of JSON: the value of the form's `policy` field and the text that is
 * signed.
 *
 * A `$` within a value is written as a Unicode escape: OSS reads `\$` as a literal dollar, which is
 * not legal JSON, while a Unicode escape means the same to OSS and to every JSON parser.
 * Source: "PostObject", Alibaba Cloud OSS documentation, escape characters of the policy.
 */
export function encodePolicy({ expiration, conditions }: PostPolicy): string {
  const json = JSON.stringify({ expiration, conditions }).replaceAll(DOLLAR_IN_VALUE, '\\u0024')
  return Buffer.from(json, 'utf8').toString('base64')
}

/** Returns the V1 signature of a policy: base64 of HMAC-SHA1 over its base64 text. */
export function signPolicyV1(policyBase64: string, secret: string): string {
  return createHmac('sha1', secret).update(policyBase64).digest('base64')
}

/**
 * Returns the V4 signature of a policy: lower-case hex of HMAC-SHA256 over its base64 text.
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
