import { describe, expect, test } from 'vitest'
import {
  isAllowedType,
  isTypeEntry,
  mediaTypeEssence,
  mistakenTypeProblem,
} from '../../../app/contract/index.ts'
import { storedType } from '../../../app/server/upload/stored-type.ts'
import { refusal, serveApp } from './app-server.ts'

test.each<[string, string, string[], boolean]>([
  ['a.exe', '', [], true],
  ['a.JPG', 'image/jpeg', ['.jpg'], true],
  ['a.exe', 'image/jpeg', ['.jpg'], false],
  ['a.jpg', 'image/jpeg', ['image/*'], true],
  ['a.jpg', 'IMAGE/JPEG; q=1', ['image/jpeg'], true],
  ['a.jpg', 'text/html', ['.jpg', 'image/*'], false],
  ['a.html', 'image/png', ['.jpg', 'image/*'], false],
  ['a.jpg', '', ['.jpg', 'image/*'], true],
  ['a.jpg', '', ['image/*'], false],
  ['a.png', 'imagex/png', ['image/*'], false],
  ['a.jpg', 'image/jpeg;,text/html', ['image/jpeg'], false],
  ['a.jpg', 'image/x,text/html', ['image/*'], false],
  ['a.jpg', 'image/*', ['image/*'], false],
  ['a.jpg', 'image/jpeg;,text/html', [], false],
  ['a.svg', 'image/svg+xml', ['image/*'], false],
  ['a.svg', 'image/svg+xml', ['image/*', 'image/svg+xml'], true],
  ['a.html', 'text/html', ['text/*'], false],
  ['a.xml', 'text/xml', ['text/*', 'application/*'], false],
  ['a.xhtml', 'application/xhtml+xml', ['application/*'], false],
  ['a.xml', 'text/xml', ['application/xml'], true],
  ['a.bin', 'application/unknown', ['application/*'], false],
  ['a.xsl', 'text/xsl', ['text/*'], false],
  [
    'a.docx',
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    ['application/*'],
    true,
  ],
  ['a.zip', 'application/x-zip-compressed', ['application/zip'], true],
  ['a.zip', 'application/zip', ['application/x-zip-compressed'], true],
  ['a.csv', 'application/vnd.ms-excel', ['text/csv'], true],
  ['a.xls', 'application/vnd.ms-excel', ['text/csv'], false],
  ['a.jpg', 'constructor/x', ['image/jpeg'], false],
])('%s of type "%s" with %j: %s', (name, type, allowed, expected) => {
  expect(isAllowedType({ name, type }, allowed)).toBe(expected)
})

test.each<[string, boolean]>([
  ['.jpg', true],
  ['image/*', true],
  ['application/vnd.ms-excel', true],
  ['image/svg+xml', true],
  ['jpg', false],
  ['*/*', false],
  ['.', false],
  ['.a/b', false],
  ['image/jpeg;q=1', false],
  ['image/', false],
  ['image/a b', false],
])('%s names a type: %s', (entry, expected) => {
  expect(isTypeEntry(entry)).toBe(expected)
})

test.each<[string, string | undefined]>([
  ['Image/JPEG', 'image/jpeg'],
  ['text/plain; charset="utf-8"', 'text/plain'],
  ['video/webm;codecs=vp8', 'video/webm'],
  ['image/jpeg;', undefined],
  ['image/jpeg;,text/html', undefined],
  ['image/jpeg,text/html', undefined],
  ['image/jpeg; a=b, text/html', undefined],
  ['image/jpeg; a="b\\"c"', undefined],
  ['image /jpeg', undefined],
  ['image/jpeg\r\nX: y', undefined],
  ['image', undefined],
  ['', undefined],
  [`image/${'a'.repeat(255)}`, undefined],
])('the essence of %j is %s', (text, essence) => {
  expect(mediaTypeEssence(text)).toBe(essence)
})

test.each<[string, string, string[], string]>([
  ['a.jpg', '', [], 'application/octet-stream'],
  ['a.jpg', 'text/html', [], 'text/html'],
  ['a.jpg', 'IMAGE/JPEG;q=1', ['image/*'], 'image/jpeg'],
  ['a.jpg', 'text/html', ['.jpg'], 'image/jpeg'],
  ['a.JPG', '', ['.jpg'], 'image/jpeg'],
  ['a/.jpg', 'text/html', ['.jpg'], 'image/jpeg'],
  ['a.tar.gz', 'text/html', ['.tar.gz'], 'application/gzip'],
  ['a.unheard-of', 'text/html', ['.unheard-of'], 'application/octet-stream'],
  ['a.jpg', '', ['.jpg', 'image/*'], 'application/octet-stream'],
  ['a.csv', 'application/vnd.ms-excel', ['text/csv'], 'text/csv'],
])('%s of type "%s" with %j is stored as %s', (name, type, allowed, expected) => {
  expect(storedType({ name, type, size: 1 }, allowed)).toBe(expected)
})

test('a type that no file has is refused with the one that is meant', () => {
  expect(mistakenTypeProblem(['.jpg', 'image/png', 'constructor'])).toBeUndefined()
  expect(mistakenTypeProblem(['.jpg', 'Image/JPG'])).toBe(
    'must list image/jpeg in place of Image/JPG, a type that no file has',
  )
})

describe('GET /signature', () => {
  const sign = async (query: string, allowedTypes: string[]) =>
    fetch(`${await serveApp({ allowedTypes })}/signature?size=1&${query}`)

  test('signs the essence that was checked', async () => {
    const response = await sign('name=a.jpg&type=IMAGE/jpeg;q=1', ['image/jpeg'])
    const { fields } = await response.json()
    expect([fields['Content-Type'], fields['x-oss-content-type']]).toEqual([
      'image/jpeg',
      'image/jpeg',
    ])
  })

  test.each(['image/jpeg;,text/html', 'image/jpeg,text/html', 'image/*', 'image', 'a/b\r\nc: d'])(
    'refuses the type %j',
    async (type) => {
      const query = `name=a.jpg&type=${encodeURIComponent(type)}`
      for (const allowed of [[], ['image/*'], ['.jpg']]) {
        expect(await refusal(await sign(query, allowed))).toEqual([
          400,
          'InvalidRequest: The parameter "type" must be a MIME type',
        ])
      }
    },
  )

  test('with extensions alone, stores the type of the extension', async () => {
    const { fields } = await (await sign('name=a.jpg&type=text/html', ['.jpg'])).json()
    expect(fields['x-oss-content-type']).toBe('image/jpeg')
  })
})
