import { browserConnection } from './connection.ts'
import { StallTimer } from './stall-timer.ts'
import { bucketError, noResponse, UploadError } from './upload-error.ts'

/** A request whose upload progress is reported; `fetch` does not report it. */
export interface XhrRequest {
  method: 'POST' | 'PUT'
  url: string
  body: Blob | FormData
  /** Bytes to send, without the fields of a form. */
  totalBytes: number
  onProgress: (sentBytes: number) => void
  /**
   * Called at the start, and when nothing moves for a while: Firefox and WebKit wait for the missing
   * bytes of a file that has become shorter. What it throws ends the request.
   */
  checkSource?: () => Promise<void>
  signal: AbortSignal
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
export function sendXhr(options: XhrRequest): Promise<XhrResponse> {
  const { method, url, body, totalBytes, onProgress, checkSource, signal } = options
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    const fail = (error: unknown): void => {
      reject(error)
      abort()
    }
    const check = (): void => void checkSource?.().catch(fail)
    const stallTimer = new StallTimer({
      totalBytes,
      url: new URL(url).origin,
      isReachable: browserConnection.isReachable,
      onQuiet: check,
      onStall: abort,
      nowMs: () => Date.now(),
    })
    request.upload.onprogress = ({ loaded }) => {
      stallTimer.onProgress(loaded)
      onProgress(Math.min(loaded, totalBytes))
    }
    request.onload = () => {
      const { status, responseText: text } = request
      if (status >= 200 && status < 300) {
        resolve({ status, text, header: (name) => responseHeader(request, name) })
      } else {
        reject(new UploadError(bucketError(status, text)))
      }
    }
    // Safari aborts a request by itself when the connection is lost.
    const onLost = (): void =>
      reject(signal.aborted ? signal.reason : new UploadError(noResponse('bucket')))
    request.onerror = onLost
    request.onabort = onLost
    request.onloadend = () => {
      stallTimer.stop()
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    request.open(method, url)
    // Without it, Firefox logs an error for a response that is no XML.
    request.responseType = 'text'
    request.send(body)
    // Meanwhile, as reading a file takes longer than starting to send it.
    check()
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
