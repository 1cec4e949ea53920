import type { HttpsFailureReason } from '@oss-direct-upload/contract'
import { exponentialBackoffMs } from '@oss-direct-upload/retry'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * Delays in milliseconds after the first failure, and from the second to the longest, doubling.
 *
 * Let's Encrypt allows five failed validations an hour for a name and account, one more every twelve
 * minutes ("Rate Limits", Let's Encrypt documentation). `notReached` stays below that; its first
 * delay is short for an address that was assigned just before.
 */
const DELAYS: Record<HttpsFailureReason, { first: number; second: number; longest: number }> = {
  caUnreachable: { first: 5 * SECOND, second: 10 * SECOND, longest: 30 * MINUTE },
  clock: { first: MINUTE, second: 2 * MINUTE, longest: HOUR },
  notReached: { first: 2 * MINUTE, second: 15 * MINUTE, longest: HOUR },
  rateLimited: { first: HOUR, second: 2 * HOUR, longest: 24 * HOUR },
  refused: { first: 10 * MINUTE, second: 30 * MINUTE, longest: 6 * HOUR },
  notOurs: { first: 10 * MINUTE, second: HOUR, longest: 6 * HOUR },
}

/**
 * Returns the delay before the next attempt in milliseconds, with up to a fifth of jitter. It is
 * never shorter than the authority asks for, and no longer than that after `rateLimited`.
 *
 * @param failures Number of consecutive failures for this reason, from 1
 * @param random From 0 to 1
 */
export function retryDelayMs(
  reason: HttpsFailureReason,
  failures: number,
  retryAfterMs: number | undefined,
  random: number,
): number {
  const { first, second, longest } = DELAYS[reason]
  const backoffMs =
    failures <= 1 ? first : exponentialBackoffMs(failures - 1, { firstMs: second, maxMs: longest })
  const minMs = retryAfterMs ?? 0
  const delayMs = reason === 'rateLimited' && minMs > 0 ? minMs : Math.max(backoffMs, minMs)
  return Math.round(delayMs * (1 + random / 5))
}
