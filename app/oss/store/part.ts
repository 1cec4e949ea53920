import { createHash } from 'node:crypto'

/** A part of a multipart upload that has been received. */
export interface Part {
  partNumber: number
  /** The MD5, upper-case hex. */
  etag: string
  /** Unsigned decimal. */
  crc64: string
  /** Bytes. */
  size: number
  /** ISO 8601. */
  lastModified: string
  path: string
}

/** Returns the ETag of an object made of parts: the MD5 of their MD5s, and their number. */
export function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex').toUpperCase()}-${parts.length}`
}
