import { expect, test } from 'vitest'
import { AcmeError } from '../../../../app/server/https/acme/acme-error.ts'
import {
  failedAttempt,
  isStillWaitedFor,
} from '../../../../app/server/https/renewal/failed-attempt.ts'

const NOW = Date.parse('2026-03-01T00:00:00Z')
const HOUR = 3600_000

test('failures for one reason in a row are counted, those for another begin anew', () => {
  const silent = new AcmeError('caUnreachable', 'ca.example does not answer (ECONNREFUSED)')
  const first = failedAttempt(silent, undefined, '47.1.2.3', NOW, 0)
  expect(first).toEqual({
    reason: 'caUnreachable',
    failures: 1,
    problem:
      'No certificate for 47.1.2.3 from the certificate authority: ca.example does not answer ' +
      '(ECONNREFUSED). Let this machine reach it on port 443: public address, bandwidth, security group, name service.',
    nextAttempt: '2026-03-01T00:00:05.000Z',
  })
  const second = failedAttempt(silent, first, '47.1.2.3', NOW, 0)
  expect([second.failures, second.nextAttempt]).toEqual([2, '2026-03-01T00:00:10.000Z'])
  const other = failedAttempt(new AcmeError('clock', 'its clock'), second, '47.1.2.3', NOW, 0)
  expect([other.failures, other.nextAttempt]).toEqual([1, '2026-03-01T00:01:00.000Z'])
})

test('what is no answer of an authority is a failure of its own', () => {
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
  // Kept with a clock that was a month ahead.
  ['rateLimited', 30 * 24 * HOUR, false],
  // Costs nothing to try at once.
  ['caUnreachable', HOUR, false],
  ['clock', HOUR, false],
  ['notOurs', HOUR, false],
] as const)('after a restart, %s with %i ms to wait: %s', (reason, left, isWaited) => {
  const nextAttempt = new Date(NOW + left).toISOString()
  expect(isStillWaitedFor({ reason, failures: 1, problem: '', nextAttempt }, NOW)).toBe(isWaited)
})

test('however long an authority says, there is an end', () => {
  const error = new AcmeError('rateLimited', 'no', { retryAfter: 1e15 })
  expect(failedAttempt(error, undefined, '47.1.2.3', NOW, 1).nextAttempt).toBe(
    '2026-03-09T00:00:00.000Z',
  )
})
