import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareKeys, KeyIndex } from '../../../../app/oss/store/key-index.ts'

const key = fc.string({ unit: 'grapheme', maxLength: 4 })
const byBytes = (a: string, b: string) => Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))

test('keys compare like their UTF-8 bytes', () => {
  for (const [a, b] of [
    ['\uffff', '\u{10000}'],
    ['\ue000', '\u{1f600}'],
    ['a', 'a/'],
    ['', 'a'],
  ] as const) {
    expect([Math.sign(compareKeys(a, b)), Math.sign(compareKeys(b, a))]).toEqual([-1, 1])
  }
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).toBe(byBytes(a, b))
    }),
    { numRuns: 2000 },
  )
})

test('an index finds the next key, and the next one after a prefix', () => {
  fc.assert(
    fc.property(fc.array(key), key, (keys, text) => {
      const index = new KeyIndex([])
      for (const one of keys) index.add(one)
      const sorted = [...new Set(keys)].sort(byBytes)
      expect(index.next(text, false)).toBe(sorted.find((one) => byBytes(one, text) >= 0))
      expect(index.next(text, true)).toBe(sorted.find((one) => byBytes(one, text) > 0))
      expect(index.nextAfterPrefix(text)).toBe(
        sorted.find((one) => byBytes(one, text) > 0 && !one.startsWith(text)),
      )
      for (const one of keys) index.delete(one)
      expect(index.next('', false)).toBeUndefined()
    }),
  )
})
