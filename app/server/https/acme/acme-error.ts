import type { HttpsFailureReason } from '@oss-direct-upload/contract'

export interface AcmeErrorOptions extends ErrorOptions {
  /** Last part of the problem's type, such as `rateLimited` (RFC 8555, 6.7). */
  problem?: string
  /** How long the authority asks to wait. */
  retryAfterMs?: number
}

/**
 * Thrown when no certificate can be obtained. The message is a clause about the authority, such as
 * `it refuses (no reason is given)`; `failureMessage` makes a sentence of it.
 */
export class AcmeError extends Error {
  readonly reason: HttpsFailureReason
  readonly problem: string | undefined
  readonly retryAfterMs: number | undefined

  constructor(reason: HttpsFailureReason, message: string, options: AcmeErrorOptions = {}) {
    super(message, options)
    this.name = 'AcmeError'
    this.reason = reason
    this.problem = options.problem
    this.retryAfterMs = options.retryAfterMs
  }
}

/** Problems with the response to a challenge (RFC 8555, 6.7; RFC 8738). */
const VALIDATION = ['connection', 'dns', 'incorrectResponse', 'tls', 'unauthorized', 'caa']

/**
 * Returns the error for a problem document (RFC 8555, 6.7).
 *
 * @param body JSON value of an error response, or the `error` of a challenge or order
 * @param isValidation Whether it is the result of validating a challenge
 */
export function problemError(
  body: unknown,
  retryAfterMs: number | undefined,
  isValidation: boolean,
): AcmeError {
  const { type, detail } = (typeof body === 'object' && body !== null ? body : {}) as {
    type?: unknown
    detail?: unknown
  }
  const problem = typeof type === 'string' ? (type.split(':').at(-1) ?? '') : ''
  const why = typeof detail === 'string' ? printable(detail) : problem || 'no reason is given'
  const options = { problem, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
  if (problem === 'rateLimited') {
    return new AcmeError('rateLimited', `it allows no more for now (${why})`, options)
  }
  if (isValidation && VALIDATION.includes(problem)) {
    return new AcmeError('notReached', `it could not check the answer (${why})`, options)
  }
  return new AcmeError('refused', `it refuses (${why})`, options)
}

/** Returns text of others in one line of a log: printable ASCII, at most 300 characters. */
function printable(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300)
}

/**
 * Parses `Retry-After`: seconds or a date (RFC 9110, 10.2.3).
 *
 * @returns Milliseconds, or undefined when the header is absent or malformed
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs)
}
