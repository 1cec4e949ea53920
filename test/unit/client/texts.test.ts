import { expect, test } from 'vitest'
import { codeInFragment } from '../../../app/client/page/access-code-form.ts'
import { callbackReplyText } from '../../../app/client/page/callback-reply.ts'
import { formatBytes, formatDuration, formatSpeed } from '../../../app/client/page/format-units.ts'
import { preferredLanguage } from '../../../app/client/page/language.ts'
import { en } from '../../../app/client/page/locales/en.ts'
import { zh } from '../../../app/client/page/locales/zh.ts'
import { checkRestrictions, pickerTypes } from '../../../app/client/page/restrictions.ts'
import { serverEndpoint } from '../../../app/client/uploader/server-config.ts'
import { SpeedMeter } from '../../../app/client/uploader/speed-meter.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 kB'],
  [1536, '1.5 kB'],
  [200 * 1024 ** 2, '200 MB'],
  [5 * 1024 ** 3, '5 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text)
})

test('speed', () => {
  expect(formatSpeed(0, 'en')).toBe('0 byte/s')
  expect(formatSpeed(4.3 * 1024 ** 2, 'en')).toBe('4.3 MB/s')
})

test.each([
  [0.2, '1 sec'],
  [59.4, '59 sec'],
  [60, '1 min'],
  [80, '1 min 20 sec'],
  [7500, '2 hr 5 min'],
  [3605, '1 hr'],
])('%f seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds, 'en')).toBe(text)
})

test.each([
  [['zh-TW', 'en'], null, 'zh'],
  [['fr', 'en-GB', 'zh'], null, 'en'],
  [['fr'], null, 'en'],
  [[], null, 'en'],
  [['zh'], 'en', 'en'],
  [['zh'], 'fr', 'zh'],
] as const)('%j with the choice %s is %s', (wanted, chosen, language) => {
  expect(preferredLanguage(wanted, chosen)).toBe(language)
})

test('both languages say the same things', () => {
  const keys = (value: object): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' ? keys(inner).map((name) => `${key}.${name}`) : [key],
    )
  expect(keys(zh).sort()).toEqual(keys(en).sort())
})

test.each([
  ['#code=a+b', 'a+b'],
  ['#code=a%20b%2Fc', 'a b/c'],
  ['#x=1&code=abc', 'abc'],
  ['#code=', undefined],
  ['', undefined],
  ['#code=%E5%AF%86', undefined],
  ['#code=a%0Ab', undefined],
])('the code in %s is %s', (hash, code) => {
  expect(codeInFragment(hash)).toBe(code)
})

test.each([
  ['', ''],
  ['  plain\n text ', 'plain text'],
  ['{"Status":"Ok"}', 'Status: Ok'],
  ['{"a":null,"b":[1],"c":{"d":2}}', 'a: null · b: [1] · c: {"d":2}'],
  ['{"1":1,"2":2,"3":3,"4":4,"5":5,"6":6,"7":7}', '1: 1 · 2: 2 · 3: 3 · 4: 4 · 5: 5 · 6: 6 · …'],
  [`{"a":"${'𝒳'.repeat(100)}"}`, `a: ${'𝒳'.repeat(79)}…`],
  ['[1,2]', '[1,2]'],
  ['x'.repeat(300), `${'x'.repeat(199)}…`],
])('the reply %s is shown as %s', (reply, text) => {
  expect(callbackReplyText(reply)).toBe(text)
})

test('a file meets extensions and types both, and the size', () => {
  const limits = { maxSize: 10, allowedTypes: ['.jpg', 'image/*'] }
  const file = { name: 'a.jpg', type: 'image/jpeg', size: 10 }
  const refused = { reason: 'type', allowedTypes: limits.allowedTypes }
  expect(checkRestrictions(file, limits)).toBe(undefined)
  expect(checkRestrictions({ ...file, type: 'text/html' }, limits)).toEqual(refused)
  expect(checkRestrictions({ ...file, name: 'a.png' }, limits)).toEqual(refused)
  expect(checkRestrictions({ ...file, size: 11 }, limits)).toEqual({
    reason: 'tooLarge',
    maxSize: 10,
  })
  expect(pickerTypes(limits.allowedTypes)).toEqual(['.jpg'])
  expect(pickerTypes(['image/*'])).toEqual(['image/*'])
  expect(pickerTypes([])).toBe(null)
})

test.each([
  ['http://a.example', 'http://a.example/signature'],
  ['http://a.example/', 'http://a.example/signature'],
  ['http://a.example/api', 'http://a.example/api/signature'],
  ['http://a.example/api/?x=1#y', 'http://a.example/api/signature'],
])('below %s is %s', (serverUrl, url) => {
  expect(serverEndpoint(serverUrl, 'signature').href).toBe(url)
})

test('speed is told once there is something to tell, and follows slowly', () => {
  const meter = new SpeedMeter(1000)
  expect(meter.measure(500, 1100)).toBe(undefined)
  expect(meter.measure(1000, 2000)).toBe(1000)
  expect(meter.measure(1000, 2100)).toBe(1000)
  // Two seconds are its half-life: half of the old speed, half of none.
  expect(meter.measure(1000, 4000)).toBe(500)
})
