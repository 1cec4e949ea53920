import { OssError } from '../errors/oss-error.ts'
import type { Condition, PolicyDocument } from './policy-document.ts'

/** Sizes of the file, in bytes, that a policy allows. */
export interface LengthRange {
  min: number
  max: number
}

/**
 * Checks a form against its policy: the expiration, then all conditions in order.
 *
 * @param fields By lower-case names, including `bucket`
 * @param v4 Whether conditions must cover the x-oss-* fields of the signature
 * @returns the sizes allowed, to be checked when the file has arrived
 * @throws OssError AccessDenied that quotes the first failed condition
 */
export function checkPolicy(
  policy: PolicyDocument,
  fields: ReadonlyMap<string, string>,
  now: Date,
  v4: boolean,
): LengthRange {
  if (policy.expiration <= now) throw new OssError('policyExpired')
  const range = { min: 0, max: Number.MAX_SAFE_INTEGER }
  for (const condition of policy.conditions) {
    if (condition.operator === 'content-length-range') {
      range.min = Math.max(range.min, condition.min)
      range.max = Math.min(range.max, condition.max)
      continue
    }
    const value = fields.get(condition.field)
    if (value !== undefined && holds(condition, value)) continue
    throw new OssError(value === undefined ? 'policyFieldAbsent' : 'policyFailed', {
      message: `Invalid according to Policy: Policy Condition failed: ${quoted(condition)}`,
    })
  }
  if (v4) checkCovered(policy, fields)
  return range
}

function holds(
  condition: Exclude<Condition, { operator: 'content-length-range' }>,
  value: string,
): boolean {
  switch (condition.operator) {
    case 'eq':
      return value === condition.value
    case 'starts-with':
      return value.startsWith(condition.value)
    case 'in':
      return condition.values.includes(value)
    case 'not-in':
      return !condition.values.includes(value)
  }
}

function checkCovered(policy: PolicyDocument, fields: ReadonlyMap<string, string>): void {
  const covered = new Set(policy.conditions.map((c) => ('field' in c ? c.field : '')))
  for (const name of [
    'x-oss-signature-version',
    'x-oss-credential',
    'x-oss-date',
    'x-oss-security-token',
  ]) {
    if (fields.has(name) && !covered.has(name)) {
      throw new OssError('policyExtraFields', {
        message: `Invalid according to Policy: Extra input fields: ${name}`,
      })
    }
  }
}

// Quotes a condition like OSS: ["eq", "$success_action_status", "200"].
function quoted(condition: Exclude<Condition, { operator: 'content-length-range' }>): string {
  const operand =
    'value' in condition
      ? JSON.stringify(condition.value)
      : `[${condition.values.map((value) => JSON.stringify(value)).join(', ')}]`
  return `["${condition.operator}", "$${condition.field}", ${operand}]`
}
