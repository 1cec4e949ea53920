import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HttpsFailureReason } from '../../../../app/contract/index.ts'
import { parseRetryAfter } from '../../../../app/server/https/acme/acme-error.ts'
import { renewalTime } from '../../../../app/server/https/renewal/renewal-time.ts'
import { retryDelayMs } from '../../../../app/server/https/renewal/retry-delay.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('renewal', () => {
  const notBefore = new Date('2026-03-01T00:00:00Z')
  const hoursOn = (hours: number): Date => new Date(notBefore.getTime() + hours * HOUR)
  // As of Let's Encrypt's profile shortlived.
  const lifetime = { notBefore, notAfter: hoursOn(160) }

  test.each([
    ['at half of the lifetime at the earliest', undefined, 0, 80],
    ['between a half and two thirds', undefined, 0.5, 93.333],
    ['at two thirds at the latest', undefined, 1, 106.667],
    ['when the window of the authority starts', [100, 110], 0, 100],
    ['within its window', [100, 110], 0.25, 102.5],
    ['at once when the window is over', [-2, -1], 1, -1],
    ['never in the last sixth', [150, 158], 0.5, 133.333],
  ] as const)('%s', (_title, window, random, hours) => {
    const suggested = window && { start: hoursOn(window[0]), end: hoursOn(window[1]) }
    const at = renewalTime(lifetime, suggested, random).getTime() - notBefore.getTime()
    expect(at / HOUR).toBeCloseTo(hours, 2)
  })

  test('leaves a sixth of the lifetime for failures, whatever the window', () => {
    const hours = fc.double({ min: -1e4, max: 1e4, noNaN: true })
    const random = fc.double({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(hours, hours, random, (a, b, drawn) => {
        const window = { start: hoursOn(Math.min(a, b)), end: hoursOn(Math.max(a, b)) }
        const at = renewalTime(lifetime, window, drawn).getTime()
        expect(at).toBeLessThanOrEqual(hoursOn((160 * 5) / 6).getTime())
      }),
    )
  })
})

describe('delay after failures', () => {
  /** The first delays, in minutes. */
  const delays = (reason: HttpsFailureReason, count: number): number[] =>
    Array.from({ length: count }, (_, i) => retryDelayMs(reason, i + 1, undefined, 0) / MINUTE)

  test('grows from failure to failure up to a maximum', () => {
    expect(delays('notReached', 7)).toEqual([2, 15, 30, 60, 60, 60, 60])
    expect(delays('rateLimited', 6)).toEqual([60, 120, 240, 480, 960, 1440])
    expect(delays('refused', 7)).toEqual([10, 30, 60, 120, 240, 360, 360])
    expect(delays('caUnreachable', 4).map((minutes) => minutes * 60)).toEqual([5, 10, 20, 40])
    expect(delays('caUnreachable', 30).at(-1)).toBe(30)
    expect(delays('clock', 10).at(-1)).toBe(60)
    expect(retryDelayMs('caUnreachable', 1e9, undefined, 0)).toBe(30 * MINUTE)
  })

  test('is at least what the authority asks for, and exactly that after a rate limit', () => {
    expect(retryDelayMs('rateLimited', 1, 90 * SECOND, 0)).toBe(90 * SECOND)
    expect(retryDelayMs('rateLimited', 5, 30 * 24 * HOUR, 0)).toBe(30 * 24 * HOUR)
    expect(retryDelayMs('caUnreachable', 1, HOUR, 0)).toBe(HOUR)
    expect(retryDelayMs('notReached', 2, SECOND, 0)).toBe(15 * MINUTE)
    // The jitter adds a fifth at most.
    expect(retryDelayMs('rateLimited', 1, HOUR, 1)).toBe(1.2 * HOUR)
  })

  test("keeps failed validations below Let's Encrypt's five an hour, whatever the jitter", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60 }),
        (drawn) => {
          let now = 0
          const at = [
            0,
            ...drawn.map(
              (random, i) => (now += retryDelayMs('notReached', i + 1, undefined, random)),
            ),
          ]
          for (const [i, first] of at.entries()) {
            expect((at[i + 5] ?? Number.POSITIVE_INFINITY) - first).toBeGreaterThan(HOUR)
          }
        },
      ),
    )
  })
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Sun, 01 Mar 2026 00:00:10 GMT', 10_000],
  ['Sat, 28 Feb 2026 00:00:00 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
  [null, undefined],
])('Retry-After %s', (header, milliseconds) => {
  const now = Date.parse('2026-03-01T00:00:00Z')
  expect(parseRetryAfter(header, now)).toBe(milliseconds)
})
