import { bucketError, noResponse, UploadError } from './upload-error.ts'

/** A request whose upload progress is reported; `fetch` does not report it. */
export interface XhrRequest {
  method: 'POST' | 'PUT'
  url: string
  body: XMLHttpRequestBodyInit
  onProgress: (sentBytes: number) => void
  signal: AbortSignal
  /** Time without progress after which the connection counts as lost. @default no limit */
  stallMs?: number
}

/** The bucket's response. */
export interface XhrResponse {
  status: number
  text: string
  /** Returns a header, or `undefined` when there is none or the bucket's CORS rules hide it. */
  header: (name: string) => string | undefined
}

/**
 * Sends a request to the bucket.
 *
 * @throws UploadError when OSS rejects the request, does not respond, or nothing moves any more
 * @throws the signal's reason when it is aborted
 */
export function sendXhr({
  method,
  url,
  body,
  onProgress,
  signal,
  stallMs,
}: XhrRequest): Promise<XhrResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    const startTimer = () => (stallMs === undefined ? undefined : setTimeout(abort, stallMs))
    let stallTimer = startTimer()
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(stallTimer)
      stallTimer = startTimer()
      onProgress(loaded)
    }
    request.onload = () => {
      const { status, responseText: text } = request
      if (status >= 200 && status < 300) {
        resolve({ status, text, header: (name) => responseHeader(request, name) })
      } else {
        reject(new UploadError(bucketError(status, text)))
      }
    }
    const onLost = (): void =>
      reject(signal.aborted ? signal.reason : new UploadError(noResponse('bucket')))
    request.onerror = onLost
    request.onabort = onLost
    request.onloadend = () => {
      clearTimeout(stallTimer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    request.open(method, url)
    request.send(body)
  })
}

// `getResponseHeader` logs an error to the console for a header that CORS rules hide.
function responseHeader(request: XMLHttpRequest, name: string): string | undefined {
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':')
    if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim()
  }
  return undefined
}
