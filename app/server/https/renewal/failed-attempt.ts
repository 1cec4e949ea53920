import type { HttpsFailureReason } from '@oss-direct-upload/contract'
import { AcmeError } from '../acme/index.ts'
import type { FailedAttempt } from '../store/index.ts'
import { failureMessage } from './failure-message.ts'
import { retryDelayMs } from './retry-delay.ts'

/** Failures that still delay the next attempt after a restart: the authority counts them. */
const PERSISTENT: readonly HttpsFailureReason[] = ['rateLimited', 'notReached', 'refused']
/** No authority limits for longer; a later time comes from a clock that was wrong. */
const MAX_DELAY_MS = 8 * 86_400_000

/**
 * Returns the record of a failed attempt.
 *
 * @param previous The attempt before, if it failed too
 * @param name IPv4 address or host name
 * @param nowMs The current time
 * @param random From 0 to 1
 */
export function failedAttempt(
  cause: unknown,
  previous: FailedAttempt | undefined,
  name: string,
  nowMs: number,
  random: number,
): FailedAttempt {
  const error =
    cause instanceof AcmeError
      ? cause
      : new AcmeError('notOurs', cause instanceof Error ? cause.message : 'it failed', { cause })
  const { reason, retryAfterMs } = error
  const failures = previous?.reason === reason ? previous.failures + 1 : 1
  const delayMs = Math.min(retryDelayMs(reason, failures, retryAfterMs, random), MAX_DELAY_MS)
  return {
    reason,
    failures,
    problem: failureMessage(reason, error.message, name),
    nextAttempt: new Date(nowMs + delayMs).toISOString(),
  }
}

/** Returns whether a stored failure still delays the next attempt after a restart. */
export function delaysAttempt({ reason, nextAttempt }: FailedAttempt, nowMs: number): boolean {
  const delayMs = Date.parse(nextAttempt) - nowMs
  return PERSISTENT.includes(reason) && delayMs > 0 && delayMs <= MAX_DELAY_MS
}
