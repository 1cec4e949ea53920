import { axios } from 'acme-client'
import { AcmeError, problemError, retryAfterOf } from './acme-error.ts'

const PATIENCE = 20_000
/** More than any document of the protocol has. */
const ANSWER_BYTES = 256 * 1024
const CLOCK_CODES = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/** An answer of the certificate authority. */
export interface AcmeAnswer {
  status: number
  headers: Headers
  text: string
}

/**
 * Asks a certificate authority.
 *
 * @throws AcmeError `caUnreachable` or `clock`
 */
export async function askAuthority(url: string, init: RequestInit = {}): Promise<AcmeAnswer> {
  const { host } = new URL(url)
  try {
    const signal = AbortSignal.timeout(PATIENCE)
    const response = await fetch(url, { ...init, signal, redirect: 'follow' })
    const text = await response.text()
    if (text.length > ANSWER_BYTES) throw new Error(`an answer of ${text.length} characters`)
    return { status: response.status, headers: response.headers, text }
  } catch (cause) {
    const code = codeOf(cause)
    if (CLOCK_CODES.includes(code)) {
      throw new AcmeError(
        'clock',
        `the certificate of ${host} is not valid by this machine's clock (${code})`,
        { cause },
      )
    }
    throw new AcmeError('caUnreachable', `${host} does not answer (${code})`, { cause })
  }
}

/**
 * Has the ACME client ask by `askAuthority`. Its own way loses a problem's type and its Retry-After,
 * and waits as long as that says inside of a call.
 */
export function useOwnTransport(): void {
  axios.defaults.adapter = async (config) => {
    const init = {
      method: (config.method ?? 'get').toUpperCase(),
      headers: Object.entries(config.headers.toJSON(true)).map(
        ([name, value]) => [name, String(value)] as [string, string],
      ),
      ...(typeof config.data === 'string' ? { body: config.data } : {}),
    }
    const { status, headers, text } = await askAuthority(String(config.url), init)
    // A nonce that was used up is no failure: the client asks again with the one that came with it.
    if (status >= 400 && !text.includes('urn:ietf:params:acme:error:badNonce')) {
      throw failure(status, headers, text, String(config.url))
    }
    return { data: text, status, statusText: '', headers: Object.fromEntries(headers), config }
  }
}

/** The error that an answer is that is no success. */
export function failure(status: number, headers: Headers, text: string, url: string): AcmeError {
  const retryAfter = retryAfterOf(headers.get('retry-after'), Date.now())
  const body = problemOf(text)
  if (body !== undefined) {
    // Some tell a limit by the status alone.
    const limited = status === 429 ? { ...body, type: 'rateLimited' } : body
    if (status < 500) return problemError(limited, retryAfter, false)
  }
  const options = retryAfter === undefined ? {} : { retryAfter }
  const { host } = new URL(url)
  if (status === 429) return new AcmeError('rateLimited', 'it allows no more for now', options)
  return new AcmeError('caUnreachable', `${host} answers with status ${status}`, options)
}

function problemOf(text: string): Record<string, unknown> | undefined {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null ? { ...body } : undefined
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at.name === 'TimeoutError') return `no answer in ${PATIENCE / 1000} s`
  }
  return error instanceof Error ? error.message : String(error)
}
