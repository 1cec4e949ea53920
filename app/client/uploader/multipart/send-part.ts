import { sendXhr } from '../xhr.ts'

/** Headers of the response to UploadPart; `undefined` when CORS rules hide one. */
export interface PartReply {
  etag: string | undefined
  /** CRC-64 as an unsigned decimal number. */
  crc64: string | undefined
}

/**
 * Uploads one part to its presigned URL (UploadPart).
 *
 * @param checkSource See `XhrRequest`
 * @throws UploadError when OSS rejects the part, does not respond, or nothing moves any more
 * @throws the signal's reason when it is aborted
 */
export async function sendPart(
  url: string,
  part: Blob,
  onProgress: (sentBytes: number) => void,
  signal: AbortSignal,
  checkSource?: () => Promise<void>,
): Promise<PartReply> {
  const { size: totalBytes } = part
  const { header } = await sendXhr({
    method: 'PUT',
    url,
    body: part,
    totalBytes,
    onProgress,
    signal,
    ...(checkSource ? { checkSource } : {}),
  })
  return { etag: header('etag'), crc64: header('x-oss-hash-crc64ecma') }
}
