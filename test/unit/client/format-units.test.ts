import { expect, test } from 'vitest'
import { formatBytes, formatDuration, formatSpeed } from '../../../app/client/page/format-units.ts'

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

test('speed is shown in units per second', () => {
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
