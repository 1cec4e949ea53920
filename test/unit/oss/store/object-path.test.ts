import fc from 'fast-check'
import { expect, test } from 'vitest'
import { objectPath } from '../../../../app/oss/store/object-path.ts'

test.each([
  ['upload/photo.jpg', 'upload/photo.jpg'],
  ['upload/照片 (1) & 2.png', 'upload/照片 (1) & 2.png'],
  ['IMG_1234.JPG', 'IMG_1234~3f.JPG'],
  ['Photo.jpg', 'Photo~1.jpg'],
  ['Holiday Pictures/My Photo.jpeg', 'Holiday Pictures~81/My Photo~5.jpeg'],
  ['readme', 'readme~'],
  ['README', 'README~3f~'],
  ['a/b', 'a/b~'],
  ['v1.2/setup.exe', 'v1.2~/setup.exe'],
  ['V1.2/setup.exe', 'V1.2~1~/setup.exe'],
  ['archive.tar.gz', 'archive.tar.gz'],
])('%j is kept at %j', (key, path) => {
  expect(objectPath(key).join('/')).toBe(path)
})

test.each([
  ['upload/', /^upload\/~[0-9a-f]{20}$/],
  ['.env', /^_env~[0-9a-f]{20}$/],
  ['a:b.txt', /^a_b~[0-9a-f]{20}\.txt$/],
  ['Привет мир.txt', /^Привет мир~[0-9a-f]{20}\.txt$/],
  ['con.txt', /^con~[0-9a-f]{20}\.txt$/],
  ['a\u001b[2J.txt', /^a_\[2J~[0-9a-f]{20}\.txt$/],
  ['../up.txt', /^_~[0-9a-f]{20}\/up\.txt$/],
])('%j is kept at a path like %s', (key, pattern) => {
  expect(objectPath(key).join('/')).toMatch(pattern)
})

test('a path is never too long for any system, whatever the key', () => {
  const keys = ['A/'.repeat(511), '/'.repeat(1023), 'Ж/'.repeat(341), 'Long.'.repeat(200)]
  for (const key of keys) {
    const path = objectPath(key)
    expect(Buffer.byteLength(path.join('/'))).toBeLessThanOrEqual(512)
    for (const segment of path) expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(140)
  }
  expect(objectPath(`${'A/'.repeat(500)}Photo.JPG`).join('/')).toMatch(
    /^~long\/Photo~[0-9a-f]{40}\.JPG$/,
  )
})

const SPECIAL = 'a A b.B é e\u0301 ß SS . .. con ｆ ﬁ K ~ ~1 a~1 ~long A.b a.b B. \u0000'.split(' ')
const segment = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 4 }),
  fc.stringMatching(/^[aAbB.~1]{0,4}$/),
  fc.constantFrom(...SPECIAL),
)
const key = fc.array(segment, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
// As a file system that ignores case and the way in which characters are composed.
const folded = (k: string) =>
  objectPath(k).map((s) => s.normalize('NFKD').toUpperCase().toLowerCase().normalize('NFC'))

test('different keys never share a path, whatever the file system folds', () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(folded(a).join('/') === folded(b).join('/')).toBe(a === b)
    }),
    { numRuns: 2000 },
  )
})

test('no file is where another key needs a folder', () => {
  fc.assert(
    fc.property(key, segment, key, (a, more, b) => {
      const file = folded(a)
      for (const other of [b, `${a}/${more}`, `${a}.x/${more}`]) {
        const folders = folded(other).slice(0, -1)
        const isFolder = folders.slice(0, file.length).join('/') === file.join('/')
        expect(isFolder && folders.length >= file.length).toBe(false)
      }
    }),
    { numRuns: 2000 },
  )
})

test('every segment is a name that can be taken anywhere', () => {
  fc.assert(
    fc.property(key, (k) => {
      for (const name of objectPath(k)) {
        expect(name).not.toMatch(/[<>:"|?*\\%/]|\p{C}|^[. ]|[. ]$|^$/u)
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i)
      }
    }),
    { numRuns: 2000 },
  )
})
