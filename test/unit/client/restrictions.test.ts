import { expect, test } from 'vitest'
import { checkRestrictions, pickerTypes } from '../../../app/client/page/restrictions.ts'

test('a file has to match an extension, a type and the size', () => {
  const limits = { maxSize: 10, allowedTypes: ['.jpg', 'image/*'] }
  const file = { name: 'a.jpg', type: 'image/jpeg', size: 10 }
  const rejected = { reason: 'type', allowedTypes: limits.allowedTypes }
  expect(checkRestrictions(file, limits)).toBe(undefined)
  expect(checkRestrictions({ ...file, type: 'text/html' }, limits)).toEqual(rejected)
  expect(checkRestrictions({ ...file, name: 'a.png' }, limits)).toEqual(rejected)
  expect(checkRestrictions({ ...file, size: 11 }, limits)).toEqual({
    reason: 'tooLarge',
    maxSize: 10,
  })
  expect(pickerTypes(limits.allowedTypes)).toEqual(['.jpg'])
  expect(pickerTypes(['image/*'])).toEqual(['image/*'])
  expect(pickerTypes(['image/heic', 'image/jpeg'])).toEqual(['.heic', 'image/jpeg'])
  expect(pickerTypes([])).toBe(null)
})
