import { bucketError, noResponse, UploadError } from '../upload-error.ts'

/** Milliseconds without a byte after which a connection is taken for dead. */
const STALL_MS = 45_000

/** What the bucket says of a part that has arrived; undefined is what it does not show to pages. */
export interface PartReply {
  etag: string | undefined
  /** CRC-64, unsigned decimal. */
  crc64: string | undefined
}

/**
 * Puts one part. Fetch does not tell upload progress, so this is XMLHttpRequest.
 *
 * @throws UploadRefusedError when OSS refuses, does not answer or nothing moves any more
 * @throws the signal's reason when aborted
 */
export function sendPart(
  url: string,
  part: Blob,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<PartReply> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    let stalled = setTimeout(abort, STALL_MS)
    request.upload.onprogress = ({ loaded }) => {
      clearTimeout(stalled)
      stalled = setTimeout(abort, STALL_MS)
      onProgress(loaded)
    }
    request.onload = () => {
      const { status, responseText } = request
      if (status >= 200 && status < 300) {
        resolve({ etag: header(request, 'etag'), crc64: header(request, 'x-oss-hash-crc64ecma') })
      } else {
        reject(new UploadError(bucketError(status, responseText)))
      }
    }
    const silence = (): void => reject(new UploadError(noResponse('bucket')))
    request.onerror = silence
    request.onabort = () => (signal.aborted ? reject(signal.reason) : silence())
    request.onloadend = () => {
      clearTimeout(stalled)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    request.open('PUT', url)
    request.send(part)
  })
}

// Asked one by one, headers that are not shown to the page are an error in the browser's console.
function header(request: XMLHttpRequest, name: string): string | undefined {
  for (const line of request.getAllResponseHeaders().split('\r\n')) {
    const colon = line.indexOf(':')
    if (line.slice(0, colon).toLowerCase() === name) return line.slice(colon + 1).trim()
  }
  return undefined
}
