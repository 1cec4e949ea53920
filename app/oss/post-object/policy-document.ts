import { isUtf8 } from 'node:buffer'
import { OssError } from '../errors/oss-error.ts'

/** A condition of a policy. */
export type Condition =
  | { operator: 'eq' | 'starts-with'; field: string; value: string }
  | { operator: 'in' | 'not-in'; field: string; values: string[] }
  | { operator: 'content-length-range'; min: number; max: number }

/** A parsed policy. */
export interface PolicyDocument {
  expiration: Date
  conditions: Condition[]
}

/**
 * Parses the base64 JSON of a form's `policy`. Returns field names in lower case and without `$`.
 * Source: "PostObject", section on the policy, and the EC 0006-000002xx pages.
 *
 * @throws OssError InvalidPolicyDocument with the EC of the mistake
 */
export function parsePolicy(base64: string): PolicyDocument {
  const document = readJson(decode(base64))
  if (!isRecord(document)) invalid('201', 'Policy must be a JSON object.')
  const { expiration, conditions } = document
  if (expiration === undefined && conditions === undefined) {
    invalid('209', 'Policy missing expiration and conditions.')
  }
  if (conditions === undefined) invalid('207', 'Policy missing conditions.')
  if (expiration === undefined) invalid('208', 'Policy missing expiration.')
  if (typeof expiration !== 'string') invalid('210', 'Expiration must be a string.')
  if (expiration === '') invalid('211', 'Expiration must not be empty.')
  const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(expiration)
    ? new Date(expiration)
    : new Date(Number.NaN)
  if (Number.isNaN(instant.getTime())) invalid('212', `Invalid expiration: ${expiration}.`)
  if (!Array.isArray(conditions)) invalid('201', 'Conditions must be a list.')
  if (conditions.length === 0) invalid('215', 'Conditions must not be empty.')
  return { expiration: instant, conditions: conditions.map(parseCondition) }
}

// Node ignores characters that are not base64.
function decode(base64: string): Buffer {
  const isBase64 = base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64)
  if (!isBase64) invalid('201', 'Policy is not base64 encoded.')
  return Buffer.from(base64, 'base64')
}

function readJson(bytes: Buffer): unknown {
  try {
    if (isUtf8(bytes)) return JSON.parse(plainDollars(bytes.toString('utf8')))
  } catch {
    // Refused below, like bytes that are not UTF-8.
  }
  return invalid('204', 'Invalid JSON.')
}

function parseCondition(item: unknown): Condition {
  if (Array.isArray(item)) return parseList(item)
  if (!isRecord(item)) invalid('222', 'A condition must be a list or an object.')
  const [pair, ...others] = Object.entries(item)
  if (pair === undefined || others.length > 0 || typeof pair[1] !== 'string') {
    invalid(
      '201',
      'Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    )
  }
  return { operator: 'eq', field: fieldName(pair[0]), value: pair[1] }
}

function parseList(item: unknown[]): Condition {
  const [operator, first, second] = item
  if (typeof operator !== 'string') invalid('216', 'A condition must begin with an operator.')
  if (item.length > 3) invalid('218', `Too many items in condition ${JSON.stringify(item)}.`)
  switch (operator) {
    case 'content-length-range': {
      if (!isLength(first) || !isLength(second)) {
        invalid('221', 'The values of content-length-range must be integers.')
      }
      if (second < first) invalid('219', 'The range of content-length-range is upside down.')
      return { operator, min: first, max: second }
    }
    case 'eq':
    case 'starts-with':
      if (typeof first !== 'string' || typeof second !== 'string') {
        invalid('224', `Wrong operand in condition ${JSON.stringify(item)}.`)
      }
      return { operator, field: fieldName(first), value: second }
    case 'in':
    case 'not-in':
      if (typeof first !== 'string' || !isTextList(second)) {
        invalid('224', `Wrong operand in condition ${JSON.stringify(item)}.`)
      }
      return { operator, field: fieldName(first), values: second }
    default:
      return invalid('217', `Unknown operator ${operator}.`)
  }
}

// OSS writes a literal dollar as `\$`, which JSON does not have.
function plainDollars(json: string): string {
  if (!json.includes('\\$')) return json
  return json.replaceAll(/\\(.)/gs, (whole, character) => (character === '$' ? '$' : whole))
}

function fieldName(name: string): string {
  return name.replace(/^\$/, '').toLowerCase()
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string')
}

function invalid(ec: string, message: string): never {
  throw new OssError('invalidPolicyDocument', {
    ec: `0006-00000${ec}`,
    message: `Invalid Policy: ${message}`,
  })
}
