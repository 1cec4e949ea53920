import { expect, test } from 'vitest'
import { matchesOrigin, originPattern } from '../../../app/contract/index.ts'

test.each([
  ['https://a.example', 'https://a.example'],
  ['https://a.example/', 'https://a.example'],
  ['http://a.example:8080', 'http://a.example:8080'],
  ['http://[2001:db8::1]:8080', 'http://[2001:db8::1]:8080'],
  ['https://*.a.example', 'https://*.a.example'],
  ['https://*', 'https://*'],
  ['http://localhost:*', undefined],
  ['capacitor://localhost', 'capacitor://localhost'],
  ['ionic://localhost', 'ionic://localhost'],
  ['*', '*'],
  ['https://*.*.example', undefined],
  ['https://A.example', undefined],
  ['https://a.example:443', undefined],
  ['https://a.example/path', undefined],
  ['https://user@a.example', undefined],
  ['ftp://a.example', undefined],
  ['javascript://a', undefined],
  ['a.example', undefined],
  ['null', undefined],
  ['', undefined],
])('%s as an allowed origin is %s', (text, pattern) => {
  expect(originPattern(text)).toBe(pattern)
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
