import { serverEndpoint } from './server-config.ts'
import { noResponse, serverError, UploadError } from './upload-error.ts'

/**
 * Asks the signing server for something.
 *
 * @param serverUrl Where the server is; `path` is put behind it
 * @param read Makes of the JSON what is wanted; undefined when it is not that
 * @throws UploadRefusedError when the server refuses, answers nonsense or does not answer
 * @throws the signal's reason when aborted
 */
export async function requestJson<T>(
  serverUrl: string,
  path: string,
  query: Record<string, string>,
  accessCode: string | undefined,
  read: (body: unknown) => T | undefined,
  signal: AbortSignal,
): Promise<T> {
  const url = serverEndpoint(serverUrl, path)
  url.search = String(new URLSearchParams(query))
  const headers: Record<string, string> = accessCode ? { 'x-access-code': accessCode } : {}
  const response = await fetch(url, { headers, signal, cache: 'no-store' }).catch(() => {
    signal.throwIfAborted()
    throw new UploadError(noResponse('server'))
  })
  const body: unknown = await response.json().catch(() => undefined)
  signal.throwIfAborted()
  const answer = response.ok ? read(body) : undefined
  if (answer === undefined) {
    const { status, headers } = response
    throw new UploadError(serverError(status, body, headers.get('retry-after')))
  }
  return answer
}
