import type { SignedForm } from './request-form.ts'
import { type StoredFile, storedFile } from './stored-file.ts'
import { sendXhr } from './xhr.ts'

/**
 * Posts a form to the bucket (PostObject).
 *
 * @param fileName Name of the file in the multipart body
 * @throws UploadError when OSS rejects the form or does not respond
 * @throws the signal's reason when it is aborted
 */
export async function postForm(
  { url, key, fields }: SignedForm,
  file: Blob,
  fileName: string,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
): Promise<StoredFile> {
  const body = new FormData()
  for (const [field, value] of Object.entries(fields)) body.append(field, value)
  // OSS ignores every field after the file.
  body.append('file', file, fileName)
  const { status, text } = await sendXhr({
    method: 'POST',
    url,
    body,
    totalBytes: file.size,
    onProgress,
    signal,
  })
  return storedFile(key, status, text)
}
