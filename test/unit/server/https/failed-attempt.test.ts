import { expect, test } from 'vitest'
import { AcmeError } from '../../../../app/server/https/acme/acme-error.ts'
import {
  delaysAttempt,
  failedAttempt,
} from '../../../../app/server/https/renewal/failed-attempt.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')
const HOUR = 3600_000

test('counts consecutive failures for one reason, and starts again with another reason', () => {
  const unreachable = new AcmeError('caUnreachable', 'ca.example does not answer (ECONNREFUSED)')
  const first = failedAttempt(unreachable, undefined, '47.1.2.3', NOW, 0)
  expect(first).toEqual({
    reason: 'caUnreachable',
    failures: 1,
    problem:
      'No certificate for 47.1.2.3 from the certificate authority: ca.example does not answer ' +
      '(ECONNREFUSED). Let this machine reach it on port 443: public address, bandwidth, security group, name service.',
    nextAttempt: '2026-03-01T00:00:05.000Z',
  })
  const second = failedAttempt(unreachable, first, '47.1.2.3', NOW, 0)
  expect([second.failures, second.nextAttempt]).toEqual([2, '2026-03-01T00:00:10.000Z'])
  const other = failedAttempt(new AcmeError('clock', 'its clock'), second, '47.1.2.3', NOW, 0)
  expect([other.failures, other.nextAttempt]).toEqual([1, '2026-03-01T00:01:00.000Z'])
})

test('another error than an AcmeError is the reason notOurs', () => {
  const { reason, problem } = failedAttempt(
    new Error('disk on fire'),
    undefined,
    'a.example.com',
    NOW,
    0,
  )
  expect([reason, problem]).toEqual([
    'notOurs',
    'No certificate for a.example.com from the certificate authority: disk on fire. The cause is in the log.',
  ])
})

test.each([
  ['rateLimited', 34 * HOUR, true],
  ['rateLimited', 7 * 24 * HOUR, true],
  ['notReached', 60_000, true],
  ['refused', 1, true],
  ['notReached', 0, false],
  ['notReached', -HOUR, false],
  // Saved by a clock that was a month ahead.
  ['rateLimited', 30 * 24 * HOUR, false],
  // The authority does not count these attempts.
  ['caUnreachable', HOUR, false],
  ['clock', HOUR, false],
  ['notOurs', HOUR, false],
] as const)(
  'after a restart, %s with %i ms left delays the next attempt: %s',
  (reason, leftMs, delays) => {
    const nextAttempt = new Date(NOW + leftMs).toISOString()
    expect(delaysAttempt({ reason, failures: 1, problem: '', nextAttempt }, NOW)).toBe(delays)
  },
)

test('waits 8 days at most, whatever the authority asks for', () => {
  const error = new AcmeError('rateLimited', 'no', { retryAfterMs: 1e15 })
  expect(failedAttempt(error, undefined, '47.1.2.3', NOW, 1).nextAttempt).toBe(
    '2026-03-09T00:00:00.000Z',
  )
})
