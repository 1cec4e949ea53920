import type { HttpsFailureReason } from '../../../contract/index.ts'

export interface AcmeErrorOptions extends ErrorOptions {
  /** Last part of the problem's type, such as `rateLimited` (RFC 8555, 6.7). */
  problem?: string
  /** Milliseconds that are to be waited, as the authority told. */
  retryAfter?: number
}

/** No certificate could be had; the message is a sentence for who runs the server. */
export class AcmeError extends Error {
  readonly reason: HttpsFailureReason
  readonly problem: string | undefined
  readonly retryAfter: number | undefined

  constructor(reason: HttpsFailureReason, message: string, options: AcmeErrorOptions = {}) {
    super(message, options)
    this.name = 'AcmeError'
    this.reason = reason
    this.problem = options.problem
    this.retryAfter = options.retryAfter
  }
}

/** Problems that tell that a challenge was not answered as it should (RFC 8555, 6.7; RFC 8738). */
const VALIDATION = ['connection', 'dns', 'incorrectResponse', 'tls', 'unauthorized', 'caa']

/**
 * The error that a problem document is.
 *
 * @param body Parsed, of an answer that is no success, or the `error` of a challenge
 * @param isValidation Whether it tells how the check of a challenge went
 */
export function problemError(
  body: unknown,
  retryAfter: number | undefined,
  isValidation: boolean,
): AcmeError {
  const { type, detail } = (typeof body === 'object' && body !== null ? body : {}) as {
    type?: unknown
    detail?: unknown
  }
  const problem = typeof type === 'string' ? (type.split(':').at(-1) ?? '') : ''
  const said = typeof detail === 'string' ? plainText(detail) : problem || 'no reason is given'
  const options = { problem, ...(retryAfter === undefined ? {} : { retryAfter }) }
  if (problem === 'rateLimited') {
    return new AcmeError('rateLimited', `it allows no more for now (${said})`, options)
  }
  if (isValidation && VALIDATION.includes(problem)) {
    return new AcmeError('notReached', `it could not check the answer (${said})`, options)
  }
  return new AcmeError('refused', `it refuses (${said})`, options)
}

/** What others said, fit for one line of a log: printable, and not without end. */
function plainText(text: string): string {
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 300)
}

/** Milliseconds until a `Retry-After` (RFC 9110, 10.2.3), seconds or a date; undefined without one. */
export function retryAfterOf(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const date = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
