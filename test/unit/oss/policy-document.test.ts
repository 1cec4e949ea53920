import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OssError } from '../../../app/oss/errors/oss-error.ts'
import { checkPolicy } from '../../../app/oss/post-object/policy-check.ts'
import { parsePolicy } from '../../../app/oss/post-object/policy-document.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const at = '"expiration":"2026-11-24T12:10:00.000Z"'
const withConditions = (conditions: string): string => base64(`{${at},"conditions":${conditions}}`)

/** Code, EC and message of a refusal. */
function refusal(action: () => unknown): string {
  try {
    action()
  } catch (error) {
    if (error instanceof OssError) return `${error.code} ${error.ec.slice(-3)} ${error.message}`
    throw error
  }
  return 'taken'
}

describe('a policy document', () => {
  test('is base64 to the letter, whatever else Node would read', () => {
    const letters = fc.constantFrom(...'AZaz09+/=-_ \n*\u0141é\0')
    const text = fc.string({ unit: letters, maxLength: 12 })
    const valid = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'))
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          valid,
          fc.tuple(valid, text).map((both) => both.join('')),
        ),
        (s) => {
          const isBase64 = s.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(s)
          const said = refusal(() => parsePolicy(s))
          const refused = 'InvalidPolicyDocument 201 Invalid Policy: Policy is not base64 encoded.'
          expect(said === refused).toBe(!isBase64)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test.each<[string, string]>([
    ['*', '201 Invalid Policy: Policy is not base64 encoded.'],
    ['YWJj=', '201 Invalid Policy: Policy is not base64 encoded.'],
    [base64('{'), '204 Invalid Policy: Invalid JSON.'],
    [Buffer.from([0x7b, 0x22, 0xff]).toString('base64'), '204 Invalid Policy: Invalid JSON.'],
    [base64('[]'), '201 Invalid Policy: Policy must be a JSON object.'],
    [base64('{}'), '209 Invalid Policy: Policy missing expiration and conditions.'],
    [base64(`{${at}}`), '207 Invalid Policy: Policy missing conditions.'],
    [base64('{"conditions":[{"a":"b"}]}'), '208 Invalid Policy: Policy missing expiration.'],
    [
      base64('{"expiration":1,"conditions":[{"a":"b"}]}'),
      '210 Invalid Policy: Expiration must be a string.',
    ],
    [
      base64('{"expiration":"","conditions":[{"a":"b"}]}'),
      '211 Invalid Policy: Expiration must not be empty.',
    ],
    [
      base64('{"expiration":"2023-02-19 13:19:00","conditions":[{"a":"b"}]}'),
      '212 Invalid Policy: Invalid expiration: 2023-02-19 13:19:00.',
    ],
    [
      base64('{"expiration":"2023-02-30T25:00:00Z","conditions":[{"a":"b"}]}'),
      '212 Invalid Policy: Invalid expiration: 2023-02-30T25:00:00Z.',
    ],
    [withConditions('{}'), '201 Invalid Policy: Conditions must be a list.'],
    [withConditions('[]'), '215 Invalid Policy: Conditions must not be empty.'],
    [withConditions('["a"]'), '222 Invalid Policy: A condition must be a list or an object.'],
    [
      withConditions('[{"a":"b","c":"d"}]'),
      '201 Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.',
    ],
    [
      withConditions('[[1,"$a","b"]]'),
      '216 Invalid Policy: A condition must begin with an operator.',
    ],
    [withConditions('[["ends-with","$a","b"]]'), '217 Invalid Policy: Unknown operator ends-with.'],
    [
      withConditions('[["eq","$a","b","c"]]'),
      '218 Invalid Policy: Too many items in condition ["eq","$a","b","c"].',
    ],
    [
      withConditions('[["content-length-range",2,1]]'),
      '219 Invalid Policy: The range of content-length-range is upside down.',
    ],
    [
      withConditions('[["content-length-range","1",2]]'),
      '221 Invalid Policy: The values of content-length-range must be integers.',
    ],
    [
      withConditions('[["content-length-range",0,1.5]]'),
      '221 Invalid Policy: The values of content-length-range must be integers.',
    ],
    [
      withConditions('[["in","$a","b"]]'),
      '224 Invalid Policy: Wrong operand in condition ["in","$a","b"].',
    ],
    [
      withConditions('[["eq","$a",["b"]]]'),
      '224 Invalid Policy: Wrong operand in condition ["eq","$a",["b"]].',
    ],
  ])('%# is refused', (policy, expected) => {
    expect(refusal(() => parsePolicy(policy))).toBe(`InvalidPolicyDocument ${expected}`)
  })

  test('in every form that there is, with escapes that JSON does not know', () => {
    const conditions =
      '[{"Bucket":"b"},["eq","$Key","a\\\\$b\\\\\\\\c\\u0024"],["starts-with","acl",""],' +
      '["in","$content-type",["a/b"]],["not-in","$x",[]],["content-length-range",0,9]]'
    expect(parsePolicy(withConditions(conditions.replaceAll('\\\\$', '\\$')))).toEqual({
      expiration: new Date('2026-11-24T12:10:00Z'),
      conditions: [
        { operator: 'eq', field: 'bucket', value: 'b' },
        { operator: 'eq', field: 'key', value: 'a$b\\\\c$' },
        { operator: 'starts-with', field: 'acl', value: '' },
        { operator: 'in', field: 'content-type', values: ['a/b'] },
        { operator: 'not-in', field: 'x', values: [] },
        { operator: 'content-length-range', min: 0, max: 9 },
      ],
    })
  })
})

describe('a form against its policy', () => {
  const fields = new Map([
    ['key', 'upload/a.txt'],
    ['content-type', 'text/plain'],
    ['x-oss-date', '20261124T120000Z'],
  ])
  const now = new Date('2026-11-24T12:00:00Z')
  const check = (conditions: string, v4 = false, time = now) =>
    checkPolicy(parsePolicy(withConditions(conditions)), fields, time, v4)
  const failed = 'Invalid according to Policy: Policy Condition failed:'

  test.each<[string, string]>([
    ['["eq","$key","upload/a.txt"]', 'taken'],
    ['["eq","KEY","upload/a.txt"]', 'taken'],
    ['["eq","$key","Upload/a.txt"]', `227 ${failed} ["eq", "$key", "Upload/a.txt"]`],
    ['["starts-with","$key","upload/"]', 'taken'],
    ['["starts-with","$key","other/"]', `227 ${failed} ["starts-with", "$key", "other/"]`],
    ['["starts-with","$key",""]', 'taken'],
    ['["starts-with","$acl",""]', `226 ${failed} ["starts-with", "$acl", ""]`],
    ['["in","$content-type",["a/b","text/plain"]]', 'taken'],
    ['["in","$content-type",["a/b"]]', `227 ${failed} ["in", "$content-type", ["a/b"]]`],
    ['["not-in","$content-type",["a/b"]]', 'taken'],
    [
      '["not-in","$content-type",["text/plain"]]',
      `227 ${failed} ["not-in", "$content-type", ["text/plain"]]`,
    ],
  ])('%s: %s', (condition, expected) => {
    const said = expected === 'taken' ? expected : `AccessDenied ${expected}`
    expect(refusal(() => check(`[${condition}]`))).toBe(said)
  })

  test('the first condition that fails is quoted, after the expiration', () => {
    const two = '[["eq","$key","x"],["eq","$content-type","y"]]'
    expect(refusal(() => check(two))).toBe(`AccessDenied 227 ${failed} ["eq", "$key", "x"]`)
    const late = new Date('2026-11-24T12:10:00Z')
    expect(refusal(() => check(two, false, late))).toBe(
      'AccessDenied 213 Invalid according to Policy: Policy expired.',
    )
  })

  test('V4 wants the fields of its signature covered, V1 does not', () => {
    const one = '[["eq","$key","upload/a.txt"]]'
    expect(check(one)).toEqual({ min: 0, max: Number.MAX_SAFE_INTEGER })
    expect(refusal(() => check(one, true))).toBe(
      'AccessDenied 228 Invalid according to Policy: Extra input fields: x-oss-date',
    )
    expect(refusal(() => check('[{"x-oss-date":"20261124T120000Z"}]', true))).toBe('taken')
  })

  test('of several length ranges all hold', () => {
    const ranges = '[["content-length-range",1,9],["content-length-range",3,20]]'
    expect(check(ranges)).toEqual({ min: 3, max: 9 })
  })
})
