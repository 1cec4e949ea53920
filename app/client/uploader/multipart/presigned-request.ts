import { bucketError, noResponse, UploadError } from '../upload-error.ts'
import type { PresignedRequest } from './multipart-client.ts'

/** Milliseconds after which a call that was not answered is taken for lost. */
const ANSWER_MS = 60_000

/** What the bucket answered. */
export interface BucketReply {
  status: number
  text: string
  /** CRC-64 of the object, unsigned decimal; undefined when the bucket does not show it. */
  crc64?: string
}

/** A part that has arrived. */
export interface StoredPart {
  partNumber: number
  /** As it was told, with its quotes. */
  etag: string
  /** CRC-64, unsigned decimal; empty when it is not told. */
  crc64: string
  /** Bytes. */
  size: number
}

/**
 * Makes a signed call.
 *
 * @param answerMs How long an answer may take
 * @throws UploadRefusedError when the bucket refuses or does not answer
 * @throws the signal's reason when aborted
 */
export async function sendPresigned(
  { method, url, headers }: PresignedRequest,
  body: string | undefined,
  signal: AbortSignal,
  answerMs: number = ANSWER_MS,
): Promise<BucketReply> {
  // A line that is gone without a word would be waited for as long as the page is open.
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
  const request = { method, headers, signal: inTime, cache: 'no-store' as const }
  try {
    const response = await fetch(url, body === undefined ? request : { ...request, body })
    const text = await response.text()
    if (!response.ok) throw new UploadError(bucketError(response.status, text))
    const crc64 = response.headers.get('x-oss-hash-crc64ecma')
    return { status: response.status, text, ...(crc64 === null ? {} : { crc64 }) }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof UploadError ? error : new UploadError(noResponse('bucket'))
  }
}

/** The text of an element in one of OSS's short documents; empty when there is none. */
export function elementText(xml: string, name: string): string {
  return (new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '').replaceAll('&quot;', '"')
}

/** The parts of a ListPartsResult, and the number to go on behind when there are more. */
export function parsePartList(xml: string): { parts: StoredPart[]; next: string | undefined } {
  const parts = [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    partNumber: Number(elementText(part, 'PartNumber')),
    etag: elementText(part, 'ETag'),
    crc64: elementText(part, 'HashCrc64ecma'),
    size: Number(elementText(part, 'Size')),
  }))
  const isMore = elementText(xml, 'IsTruncated') === 'true'
  return { parts, next: isMore ? elementText(xml, 'NextPartNumberMarker') : undefined }
}

/** The body of a CompleteMultipartUpload. @param parts In the order of their numbers */
export function completeDocument(parts: readonly StoredPart[]): string {
  const listed = parts.map(
    ({ partNumber, etag }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`
}
