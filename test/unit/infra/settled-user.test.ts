import { expect, test } from 'vitest'
import { remainingMs } from '../../../infra/ram/settled-user.ts'

const NOW = Date.UTC(2026, 10, 30)

test.each<[string, number | undefined, number]>([
  ['just made', NOW, 3000],
  ['made two to three seconds ago', NOW - 3000, 1000],
  ['old', NOW - 86_400_000, 0],
  ['of unknown age', undefined, 3000],
  ['made in the future of a slow clock', NOW + 3_600_000, 3000],
])('a user that is %s', (_what, created, remaining) => {
  expect(remainingMs(created, NOW)).toBe(remaining)
})
