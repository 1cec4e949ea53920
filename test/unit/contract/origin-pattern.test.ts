import { expect, test } from 'vitest'
import { matchesOrigin, originPattern } from '../../../app/contract/index.ts'

test.each([
  'https://a.example',
  'http://a.example:8080',
  'http://[2001:db8::1]:8080',
  'https://*.a.example',
  'https://*',
  'capacitor://localhost',
  'ionic://localhost',
  '*',
])('%s is an allowed origin', (text) => {
  expect(originPattern(text)).toBe(text)
})

test('a slash at the end is left out', () => {
  expect(originPattern('https://a.example/')).toBe('https://a.example')
})

test.each([
  'http://localhost:*',
  'https://*.*.example',
  'https://A.example',
  'https://a.example:443',
  'https://a.example/path',
  'https://user@a.example',
  'ftp://a.example',
  'javascript://a',
  'a.example',
  'null',
  '',
])('"%s" is no allowed origin', (text) => {
  expect(originPattern(text)).toBeUndefined()
})

test.each([
  ['*', 'https://any.example', true],
  ['https://a.example', 'https://a.example', true],
  ['https://a.example', 'https://a.example.evil.example', false],
  ['https://*.a.example', 'https://b.a.example', true],
  ['https://*.a.example', 'https://c.b.a.example', true],
  ['https://*.a.example', 'https://a.example', false],
  ['https://*.a.example', 'http://b.a.example', false],
  ['https://*.a.example', 'https://b.a.example:8443', false],
  ['https://*a.example', 'https://a.example', true],
  ['https://a*a', 'https://a', false],
  ['capacitor://localhost', 'capacitor://localhost', true],
])('%s allows %s: %s', (pattern, origin, isAllowed) => {
  expect(matchesOrigin(pattern, origin)).toBe(isAllowed)
})
