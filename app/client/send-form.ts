import { OssUploadError, parseRefusal } from './oss-error.ts'
import type { SignedForm } from './sign.ts'

/** OSS's answer to a form that it stored. */
export interface FormReply {
  /** 203 when the object is stored but the callback failed. */
  status: number
  body: string
}

/**
 * Posts a form with the file last. Fetch does not tell upload progress, so this is XMLHttpRequest.
 *
 * @throws OssUploadError when OSS refuses or does not answer
 * @throws the signal's reason when aborted
 */
export function sendForm(
  form: SignedForm,
  file: Blob,
  name: string,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<FormReply> {
  return new Promise((resolve, reject) => {
    const body = new FormData()
    for (const [field, value] of Object.entries(form.fields)) body.append(field, value)
    body.append('file', file, name)
    const request = new XMLHttpRequest()
    const abort = (): void => request.abort()
    request.upload.onprogress = (event) => onProgress(Math.min(event.loaded, file.size))
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve({ status: request.status, body: request.responseText })
      } else {
        reject(new OssUploadError(parseRefusal(request.status, request.responseText)))
      }
    }
    request.onerror = () => reject(new OssUploadError(parseRefusal(0, '')))
    request.onabort = () => reject(signal.reason)
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.throwIfAborted()
    signal.addEventListener('abort', abort)
    request.open('POST', form.url)
    request.send(body)
  })
}
