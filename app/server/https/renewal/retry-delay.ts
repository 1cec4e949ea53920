import type { HttpsFailureReason } from '../../../contract/index.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/**
 * First pause and longest, with twice the pause before in between.
 *
 * Let's Encrypt allows five failed validations an hour for one name and account, one more every
 * twelve minutes ("Rate Limits", Let's Encrypt documentation): `notReached` stays below, beginning
 * with one soon try for an address that was only just put in place.
 */
const PAUSES: Record<HttpsFailureReason, { first: number; later: number; longest: number }> = {
  caUnreachable: { first: 5 * SECOND, later: 10 * SECOND, longest: 30 * MINUTE },
  clock: { first: MINUTE, later: 2 * MINUTE, longest: HOUR },
  notReached: { first: 2 * MINUTE, later: 15 * MINUTE, longest: HOUR },
  rateLimited: { first: HOUR, later: 2 * HOUR, longest: 24 * HOUR },
  refused: { first: 10 * MINUTE, later: 30 * MINUTE, longest: 6 * HOUR },
  notOurs: { first: 10 * MINUTE, later: HOUR, longest: 6 * HOUR },
}

/**
 * Milliseconds until the next attempt, a fifth of it left to chance. What the authority told is never
 * undercut, and for a limit it is all that counts.
 *
 * @param failures How many there were in a row for this reason, from 1
 * @param retryAfter Milliseconds, as the authority told
 * @param random From 0 to 1
 */
export function retryPause(
  reason: HttpsFailureReason,
  failures: number,
  retryAfter: number | undefined,
  random: number,
): number {
  const { first, later, longest } = PAUSES[reason]
  const doubled = failures <= 1 ? first : Math.min(longest, later * 2 ** Math.min(failures - 2, 20))
  const told = retryAfter ?? 0
  const pause = reason === 'rateLimited' && told > 0 ? told : Math.max(doubled, told)
  return Math.round(pause * (1 + random / 5))
}
