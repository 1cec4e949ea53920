import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { objectKey, renamed } from '../../../app/server/upload/object-key.ts'

const random = () => 'r4nd0m'

describe('keeping the name', () => {
  test.each<[string, string | undefined]>([
    ['photo.jpg', 'upload/photo.jpg'],
    ['trip/day 1/photo.jpg', 'upload/trip/day 1/photo.jpg'],
    ['../../etc/passwd', 'upload/etc/passwd'],
    ['/leading.txt', 'upload/leading.txt'],
    ['C:\\temp\\a.txt', 'upload/C:/temp/a.txt'],
    ['a//b/./c.txt', 'upload/a/b/c.txt'],
    ['line\r\nbreak\u0000.txt', 'upload/linebreak.txt'],
    ['gpj.\u202eexe', 'upload/gpj.exe'],
    ['照片 (1).png', 'upload/照片 (1).png'],
    ['${filename}', 'upload/_{filename}'],
    ['..', undefined],
    ['', undefined],
    [' / ', undefined],
  ])('%j', (name, key) => {
    expect(objectKey({ dir: 'upload', name, naming: 'keep' })).toBe(key)
  })
})

test('a unique key has a random folder before the name', () => {
  expect(objectKey({ dir: 'upload/', name: 'trip/photo.jpg', random })).toBe(
    'upload/trip/r4nd0m/photo.jpg',
  )
})

test('a long name is cut between code points and keeps its extension', () => {
  const key = objectKey({ dir: '', name: `${'照'.repeat(400)}.png`, naming: 'keep' })
  expect(key).toBe(`${'照'.repeat(339)}.png`)
})

test('a renamed file keeps folder and extension', () => {
  expect(renamed('a.b/photo.jpg', random)).toBe('a.b/photo (r4nd0m).jpg')
  expect(renamed('.env', random)).toBe('.env (r4nd0m)')
})

test('for every name the key is under dir, well-formed and within its limit', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 1500 }),
      fc.constantFrom<'keep' | 'unique'>('keep', 'unique'),
      (name, naming) => {
        const key = objectKey({ dir: 'upload/', name, naming })
        if (key === undefined) return
        expect(key.startsWith('upload/')).toBe(true)
        expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1023)
        expect(key).not.toMatch(/\p{Cc}|\\/u)
        expect(key.split('/').filter((s) => s === '' || s === '.' || s === '..')).toEqual([])
        expect(key.isWellFormed()).toBe(true)
      },
    ),
    { numRuns: 2000 },
  )
})
