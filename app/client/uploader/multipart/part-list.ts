import { elementText } from '../xml.ts'

/** A part that is stored in the bucket. */
export interface StoredPart {
  partNumber: number
  /** With its quotes. */
  etag: string
  /** CRC-64 as an unsigned decimal number; empty when it is not known. */
  crc64: string
  /** Bytes. */
  size: number
}

/** One page of a ListPartsResult. */
export interface PartListPage {
  parts: StoredPart[]
  /** Marker of the next page; `undefined` on the last. */
  next: string | undefined
}

/** Reads a ListPartsResult. */
export function parsePartList(xml: string): PartListPage {
  const parts = [...xml.matchAll(/<Part>([\s\S]*?)<\/Part>/g)].map(([, part = '']) => ({
    partNumber: Number(elementText(part, 'PartNumber')),
    etag: elementText(part, 'ETag'),
    crc64: elementText(part, 'HashCrc64ecma'),
    size: Number(elementText(part, 'Size')),
  }))
  const isTruncated = elementText(xml, 'IsTruncated') === 'true'
  return { parts, next: isTruncated ? elementText(xml, 'NextPartNumberMarker') : undefined }
}

/** Returns the body of CompleteMultipartUpload. @param parts In the order of their numbers */
export function completeDocument(parts: readonly StoredPart[]): string {
  const elements = parts.map(
    ({ partNumber, etag }) =>
      `<Part><PartNumber>${partNumber}</PartNumber><ETag>${etag}</ETag></Part>`,
  )
  return `<CompleteMultipartUpload>${elements.join('')}</CompleteMultipartUpload>`
}
