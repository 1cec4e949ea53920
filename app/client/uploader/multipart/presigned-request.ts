import { bucketError, noResponse, UploadError } from '../upload-error.ts'

const TIMEOUT_MS = 60_000

/** A request to the bucket that the signing server has signed. */
export interface PresignedRequest {
  method: string
  url: string
  headers: Record<string, string>
}

/** The bucket's response. */
export interface BucketReply {
  status: number
  text: string
  /** CRC-64 of the object as an unsigned decimal number; absent when CORS rules hide it. */
  crc64?: string
}

/**
 * Sends a presigned request.
 *
 * @param timeoutMs Time for the whole response: a connection that is gone without notice never ends
 * @throws UploadError when OSS rejects the request or does not respond in time
 * @throws the signal's reason when it is aborted
 */
export async function sendPresigned(
  { method, url, headers }: PresignedRequest,
  body: string | undefined,
  signal: AbortSignal,
  timeoutMs: number = TIMEOUT_MS,
): Promise<BucketReply> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const options: RequestInit = { method, headers, signal: inTime, cache: 'no-store' }
  try {
    const response = await fetch(url, body === undefined ? options : { ...options, body })
    const text = await response.text()
    if (!response.ok) throw new UploadError(bucketError(response.status, text))
    const crc64 = response.headers.get('x-oss-hash-crc64ecma')
    return { status: response.status, text, ...(crc64 === null ? {} : { crc64 }) }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof UploadError ? error : new UploadError(noResponse('bucket'))
  }
}
