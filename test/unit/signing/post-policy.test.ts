import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePolicy, type PolicyCondition } from '../../../app/signing/index.ts'

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('$', '${filename}', '["eq","$key","', 'eq', 'in', ''),
)
const field = fc.constantFrom('$key', '$content-type', '$x-oss-meta-a')
const condition: fc.Arbitrary<PolicyCondition> = fc.oneof(
  fc.record({ bucket: fc.constant('photos') }),
  fc.tuple(fc.constantFrom('eq' as const, 'starts-with' as const), field, value),
  fc.tuple(fc.constantFrom('in' as const, 'not-in' as const), field, fc.array(value)),
  fc.tuple(fc.constant('content-length-range' as const), fc.nat(), fc.nat()),
)

test('a policy decodes to its document, and only the names of fields have a plain dollar', () => {
  fc.assert(
    fc.property(fc.array(condition), (conditions) => {
      const document = { expiration: '2026-01-31T12:00:00.000Z', conditions }
      const json = Buffer.from(encodePolicy(document), 'base64').toString()
      expect(JSON.parse(json)).toEqual(document)
      const fields = conditions.filter((c) => Array.isArray(c) && c[0] !== 'content-length-range')
      expect(json.match(/\$/g) ?? []).toHaveLength(fields.length)
    }),
    { numRuns: 2000 },
  )
})
