import type { Credentials } from '@oss-direct-upload/signing'

/** Time before their expiration when temporary credentials are renewed. */
const RENEW_BEFORE_MS = 5 * 60_000

/**
 * Returns a function that returns the same credentials until shortly before they expire.
 *
 * @param initial The first credentials
 * @param renew Obtains the next ones
 */
export function cachedCredentials(
  initial: Credentials,
  renew: () => Promise<Credentials>,
  now: () => number = Date.now,
): () => Promise<Credentials> {
  let current = initial
  return async () => {
    const expires = current.expiration?.getTime() ?? Number.POSITIVE_INFINITY
    if (expires - RENEW_BEFORE_MS <= now()) current = await renew()
    return current
  }
}
