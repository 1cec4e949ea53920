import { AcmeError } from '../acme/acme-error.ts'
import type { KeptAttempts } from '../store/certificate-store.ts'
import { failureSentence } from './failure-message.ts'
import { retryPause } from './retry-delay.ts'

/** The last attempt to have a certificate, which failed, and when the next is made. */
export type FailedAttempt = Omit<KeptAttempts, 'directory' | 'name'>

/** What a restart does not undo: such attempts count at the authority. */
const LASTING: readonly FailedAttempt['reason'][] = ['rateLimited', 'notReached', 'refused']
/** No authority has a limit over more days than these; what is later is of a clock that was off. */
const LONGEST_WAIT = 8 * 86_400_000

/**
 * @param before The failure before, if the attempt before failed, too
 * @param name IPv4 address or host name
 * @param now Milliseconds
 * @param random From 0 to 1
 */
export function failedAttempt(
  cause: unknown,
  before: FailedAttempt | undefined,
  name: string,
  now: number,
  random: number,
): FailedAttempt {
  const error =
    cause instanceof AcmeError
      ? cause
      : new AcmeError('notOurs', cause instanceof Error ? cause.message : 'it failed', { cause })
  const { reason, retryAfter } = error
  const failures = before?.reason === reason ? before.failures + 1 : 1
  const pause = Math.min(retryPause(reason, failures, retryAfter, random), LONGEST_WAIT)
  return {
    reason,
    failures,
    problem: failureSentence(reason, error.message, name),
    nextAttempt: new Date(now + pause).toISOString(),
  }
}

/** Whether a failure that was kept goes on holding up attempts after a restart. */
export function isStillWaitedFor({ reason, nextAttempt }: FailedAttempt, now: number): boolean {
  const pause = Date.parse(nextAttempt) - now
  return LASTING.includes(reason) && pause > 0 && pause <= LONGEST_WAIT
}
