import { axios } from 'acme-client'
import { AcmeError, parseRetryAfter, problemError } from './acme-error.ts'

const TIMEOUT_MS = 20_000
/** More than any document of the protocol has. */
const MAX_CHARACTERS = 256 * 1024
const CLOCK_CODES = ['CERT_NOT_YET_VALID', 'CERT_HAS_EXPIRED']

/** A response of the certificate authority. */
export interface AcmeResponse {
  status: number
  headers: Headers
  text: string
}

/**
 * Sends a request to a certificate authority.
 *
 * @throws AcmeError `caUnreachable` or `clock`
 */
export async function fetchAcme(url: string, init: RequestInit = {}): Promise<AcmeResponse> {
  const { host } = new URL(url)
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const response = await fetch(url, { ...init, signal, redirect: 'follow' })
    const text = await response.text()
    if (text.length > MAX_CHARACTERS) throw new Error(`an answer of ${text.length} characters`)
    return { status: response.status, headers: response.headers, text }
  } catch (cause) {
    const code = errorCode(cause)
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
 * Makes the ACME client send its requests through `fetchAcme`. Its own transport drops the type and
 * the Retry-After of a problem, and waits for the latter inside of a call.
 */
export function replaceClientTransport(): void {
  axios.defaults.adapter = async (config) => {
    const url = String(config.url)
    const response = await fetchAcme(url, {
      method: (config.method ?? 'get').toUpperCase(),
      headers: Object.entries(config.headers.toJSON(true)).map(
        ([name, value]) => [name, String(value)] as [string, string],
      ),
      ...(typeof config.data === 'string' ? { body: config.data } : {}),
    })
    const { status, headers, text } = response
    // The client itself repeats a request whose nonce was refused.
    if (status >= 400 && !text.includes('urn:ietf:params:acme:error:badNonce')) {
      throw errorOfResponse(response, url)
    }
    return { data: text, status, statusText: '', headers: Object.fromEntries(headers), config }
  }
}

/** Returns the error for a response that is not a success. */
export function errorOfResponse({ status, headers, text }: AcmeResponse, url: string): AcmeError {
  const retryAfterMs = parseRetryAfter(headers.get('retry-after'), Date.now())
  const body = parseJson(text)
  if (status < 500 && typeof body === 'object' && body !== null) {
    // Some authorities state a limit by the status alone.
    const problem = status === 429 ? { ...body, type: 'rateLimited' } : body
    return problemError(problem, retryAfterMs, false)
  }
  const options = retryAfterMs === undefined ? {} : { retryAfterMs }
  const { host } = new URL(url)
  if (status === 429) return new AcmeError('rateLimited', 'it allows no more for now', options)
  return new AcmeError('caUnreachable', `${host} answers with status ${status}`, options)
}

/** Returns the value of a JSON text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorCode(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at.name === 'TimeoutError') return `no answer in ${TIMEOUT_MS / 1000} s`
  }
  return error instanceof Error ? error.message : String(error)
}
