import type { SignedForm } from './request-form.ts'
import { bucketError, type ErrorDetails, noResponse, UploadError } from './upload-error.ts'

/** What became of a form that OSS took: the object is stored in any case. */
export interface PostResult {
  /** 203 when the callback failed. */
  status: number
  /** What the application answered to the callback; empty without one. */
  reply: string
  /** Why the callback failed, when it did. */
  callbackFailure?: ErrorDetails
}

/**
 * Posts a form with the file last. Fetch does not tell upload progress, so this is XMLHttpRequest.
 *
 * @throws UploadRefusedError when OSS refuses or does not answer
 * @throws the signal's reason when aborted
 */
export function postForm(
  form: SignedForm,
  file: Blob,
  name: string,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<PostResult> {
  return new Promise((resolve, reject) => {
    const body = new FormData()
    for (const [field, value] of Object.entries(form.fields)) body.append(field, value)
    body.append('file', file, name)
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    request.upload.onprogress = (event) => onProgress(Math.min(event.loaded, file.size))
    request.onload = () => {
      const { status, responseText } = request
      if (status === 203) {
        resolve({ status, reply: '', callbackFailure: bucketError(status, responseText) })
      } else if (status >= 200 && status < 300) {
        resolve({ status, reply: responseText })
      } else {
        reject(new UploadError(bucketError(status, responseText)))
      }
    }
    request.onerror = () => reject(new UploadError(noResponse('bucket')))
    request.onabort = () => reject(signal.reason)
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.throwIfAborted()
    signal.addEventListener('abort', abort)
    request.open('POST', form.url)
    request.send(body)
  })
}

/**
 * Whether the bucket answers at all. A page may not read an answer that the bucket's CORS rules do
 * not open to it, but it may learn that there is one: so silence and missing rules are told apart.
 */
export async function isBucketReachable(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    await fetch(url, { mode: 'no-cors', cache: 'no-store', signal })
    return true
  } catch {
    return false
  }
}
