import type { SignedForm } from './request-form.ts'
import { type StoredFile, storedFile } from './stored-file.ts'
import { sendXhr, type XhrRequest } from './xhr.ts'

/** What the bucket has stored. */
export interface PostReply {
  stored: StoredFile
  /** CRC-64 of the object as an unsigned decimal number; `undefined` when CORS rules hide it. */
  crc64: string | undefined
}

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
  options: Pick<XhrRequest, 'onProgress' | 'checkSource' | 'signal'>,
): Promise<PostReply> {
  const body = new FormData()
  for (const [field, value] of Object.entries(fields)) body.append(field, value)
  // OSS ignores every field after the file.
  body.append('file', file, fileName)
  const { status, text, header } = await sendXhr({
    ...options,
    method: 'POST',
    url,
    body,
    totalBytes: file.size,
  })
  return { stored: storedFile(key, status, text), crc64: header('x-oss-hash-crc64ecma') }
}
