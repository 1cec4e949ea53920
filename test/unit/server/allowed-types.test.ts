import { expect, test } from 'vitest'
import { isAllowedType, isTypeEntry } from '../../../app/contract/allowed-types.ts'

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
])('%s of type "%s" with %j: %s', (name, type, allowed, expected) => {
  expect(isAllowedType({ name, type }, allowed)).toBe(expected)
})

test.each<[string, boolean]>([
  ['.jpg', true],
  ['image/*', true],
  ['application/vnd.ms-excel', true],
  ['jpg', false],
  ['*/*', false],
  ['.', false],
  ['.a/b', false],
])('%s names a type: %s', (entry, expected) => {
  expect(isTypeEntry(entry)).toBe(expected)
})
