import { hash } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { ERRORS, RequestError } from '../http/errors.ts'
import { clientSubnet } from './client-subnet.ts'
import { TokenBucket } from './token-bucket.ts'

const WINDOW_SECONDS = 60

/**
 * Limits the files that a client has signed. A minute's worth may come at once. Every response states
 * what is left, in the headers of "RateLimit header fields for HTTP"
 * (draft-ietf-httpapi-ratelimit-headers-08). Clients are told apart by `request.ip`.
 */
export class RateLimit {
  readonly #limit: number
  readonly #files: TokenBucket

  /** @param limit Files a minute */
  constructor(limit: number) {
    this.#limit = limit
    this.#files = new TokenBucket(limit)
  }

  /** Counts a request as one file. */
  readonly handler: RequestHandler = (request, response, next) => {
    this.take(request, response)
    next()
  }

  /** @throws RequestError TooManyRequests */
  take(request: Request, response: Response): void {
    const client = clientSubnet(request.ip ?? '')
    const { isGranted, left, fullSeconds, nextSeconds } = this.#files.take(client, Date.now())
    const name = `"${this.#limit}-in-1min"`
    const partition = hash('sha256', client, 'base64').slice(0, 12)
    response.setHeader('RateLimit', `${name}; r=${left}; t=${fullSeconds}`)
    response.setHeader(
      'RateLimit-Policy',
      `${name}; q=${this.#limit}; w=${WINDOW_SECONDS}; pk=:${partition}:`,
    )
    if (isGranted) return
    throw tooManyRequests(nextSeconds)
  }
}

/** Returns the error for a client that has to wait. */
export function tooManyRequests(retryAfterSeconds: number): RequestError {
  const message = ERRORS.TooManyRequests.message(retryAfterSeconds)
  return new RequestError('TooManyRequests', message, { retryAfterSeconds })
}
