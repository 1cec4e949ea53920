import { expect, test } from 'vitest'
import { preferredLanguage } from '../../../app/client/page/language.ts'
import { en } from '../../../app/client/page/locales/en.ts'
import { zh } from '../../../app/client/page/locales/zh.ts'

test.each([
  [['zh-TW', 'en'], null, 'zh'],
  [['fr', 'en-GB', 'zh'], null, 'en'],
  [['fr'], null, 'en'],
  [[], null, 'en'],
  [['zh'], 'en', 'en'],
  [['zh'], 'fr', 'zh'],
] as const)('of %j, with %s stored, the language is %s', (wanted, chosen, language) => {
  expect(preferredLanguage(wanted, chosen)).toBe(language)
})

test('both languages have the same texts', () => {
  const keys = (value: object): string[] =>
    Object.entries(value).flatMap(([key, inner]) =>
      typeof inner === 'object' ? keys(inner).map((name) => `${key}.${name}`) : [key],
    )
  expect(keys(zh).sort()).toEqual(keys(en).sort())
})
