import { createHash } from 'node:crypto'
import { Crc64 } from '@oss-direct-upload/crc64'

/** Checksums that OSS returns for stored bytes. */
export interface Digest {
  /** Upper-case hex. */
  md5: string
  crc64: bigint
}

/** A file that has been written. */
export interface WrittenFile extends Digest {
  /** Identifies the file's bytes; renaming does not change it. */
  inode: number
}

/** Returns both checksums of concatenated chunks. */
export function digestOf(chunks: readonly Uint8Array[]): Digest {
  const md5 = createHash('md5')
  const crc64 = new Crc64()
  for (const chunk of chunks) {
    md5.update(chunk)
    crc64.update(chunk)
  }
  return { md5: md5.digest('hex').toUpperCase(), crc64: crc64.digest() }
}
