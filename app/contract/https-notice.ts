/**
 * State of https on the signing server: `pending` until the first certificate, `serving` with a
 * valid one, `failing` without one after a failed attempt.
 */
export type HttpsState = 'pending' | 'serving' | 'failing'

/** The values of `HttpsFailureReason`. */
export const HTTPS_FAILURE_REASONS = [
  'caUnreachable',
  'clock',
  'rateLimited',
  'notReached',
  'refused',
  'notOurs',
] as const

/**
 * Why there is no certificate:
 *
 * - `caUnreachable`: the certificate authority does not answer
 * - `clock`: the authority's own certificate is not valid by the server's clock
 * - `rateLimited`: the authority issues no more certificates for now
 * - `notReached`: the authority cannot fetch the challenge's answer from the name
 * - `refused`: the authority refuses for another reason, which it states
 * - `notOurs`: the answer is no certificate for this name, or the server itself failed
 */
export type HttpsFailureReason = (typeof HTTPS_FAILURE_REASONS)[number]

/** The part of `GET /config.json` that tells a page loaded over plain http about https. */
export interface HttpsNotice {
  state: HttpsState
  /** Origin of the page over https. */
  url: string
  /** Why there is no certificate; absent before the first failure. */
  reason?: HttpsFailureReason
}

/** Returns the notice in a decoded JSON value, or undefined when the value holds none. */
export function parseHttpsNotice(value: unknown): HttpsNotice | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { state, url, reason } = value as Record<string, unknown>
  if (typeof url !== 'string' || URL.parse(url)?.protocol !== 'https:') return undefined
  return {
    state: state === 'serving' || state === 'failing' ? state : 'pending',
    url,
    // A reason that a newer server has added is a refusal to this page.
    ...(reason
      ? { reason: HTTPS_FAILURE_REASONS.find((known) => known === reason) ?? 'refused' }
      : {}),
  }
}
