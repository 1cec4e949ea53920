import { pageError } from './error-kind.ts'
import { serverEndpoint } from './server-config.ts'
import { noResponse, serverError, UploadError } from './upload-error.ts'

/** The signing server, and how the page identifies itself to it. */
export interface SigningServer {
  /** Base URL. */
  serverUrl: string
  /** Called before every request. @default no access code */
  accessCode?: (() => string | undefined) | undefined
}

/**
 * Requests JSON from the signing server.
 *
 * @param path Path below the server's URL
 * @param parse Returns `undefined` when the JSON is not what it should be
 * @throws UploadError when the server rejects the request, does not respond, or the JSON is invalid
 * @throws the signal's reason when it is aborted
 */
export function requestJson<T>(
  server: SigningServer,
  path: string,
  query: Record<string, string>,
  parse: (body: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const url = serverEndpoint(server.serverUrl, path)
  url.search = String(new URLSearchParams(query))
  return send(server, url, { headers: {}, signal }, parse)
}

/** Posts JSON to the signing server; otherwise as `requestJson`. */
export function postJson<T>(
  server: SigningServer,
  path: string,
  body: object,
  parse: (body: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const url = serverEndpoint(server.serverUrl, path)
  const headers = { 'content-type': 'application/json' }
  return send(server, url, { method: 'POST', body: JSON.stringify(body), headers, signal }, parse)
}

async function send<T>(
  { accessCode }: SigningServer,
  url: URL,
  init: RequestInit & { headers: Record<string, string>; signal: AbortSignal },
  parse: (body: unknown) => T | undefined,
): Promise<T> {
  const { signal } = init
  const code = accessCode?.()
  if (code) init.headers['x-access-code'] = code
  const response = await fetch(url, { ...init, cache: 'no-store' }).catch(() => {
    signal.throwIfAborted()
    throw new UploadError(noResponse('server'))
  })
  const body: unknown = await response.json().catch(() => undefined)
  signal.throwIfAborted()
  const result = response.ok ? parse(body) : undefined
  if (result === undefined) {
    const { status, headers } = response
    // The signing server's own 404 is JSON.
    if (status === 404 && body === undefined) throw new UploadError(pageError('noSigningServer'))
    throw new UploadError(serverError(status, body, headers.get('retry-after')))
  }
  return result
}

/** Narrows parsed JSON to an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
