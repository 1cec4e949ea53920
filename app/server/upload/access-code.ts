import { hash, timingSafeEqual } from 'node:crypto'
import type { Request } from 'express'
import { RequestError } from '../http/errors.ts'
import { clientSubnet } from '../limits/client-subnet.ts'
import { tooManyRequests } from '../limits/rate-limit.ts'
import { TokenBucket } from '../limits/token-bucket.ts'

/** Wrong codes that a client may send a minute. */
const WRONG_CODES_PER_MINUTE = 120

/** Checks the access code of requests, and stops clients that guess it. */
export class AccessCodeCheck {
  readonly #code: string
  readonly #wrongCodes = new TokenBucket(WRONG_CODES_PER_MINUTE)

  constructor(code: string) {
    this.#code = code
  }

  /** @throws RequestError AccessCodeRequired; TooManyRequests after too many wrong codes */
  check(request: Request): void {
    const client = clientSubnet(request.ip ?? '')
    const { left, nextSeconds } = this.#wrongCodes.take(client, Date.now(), 0)
    // Also a right code: it would tell a guesser what is right.
    if (left < 1) throw tooManyRequests(nextSeconds)
    const offered = request.get('x-access-code')
    if (isAccessCode(offered, this.#code)) return
    if (offered !== undefined) this.#wrongCodes.take(client, Date.now())
    throw new RequestError('AccessCodeRequired')
  }
}

/** Compares an access code in constant time, whatever the lengths. */
export function isAccessCode(offered: string | undefined, expected: string): boolean {
  if (offered === undefined) return false
  return timingSafeEqual(hash('sha256', offered, 'buffer'), hash('sha256', expected, 'buffer'))
}
