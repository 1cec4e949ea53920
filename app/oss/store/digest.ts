import { createHash } from 'node:crypto'
import { MachineCrc64 } from '../../crc64/crc64-wasm.ts'

/** What OSS tells of bytes that it has stored. */
export interface Digest {
  /** Upper-case hex. */
  md5: string
  crc64: bigint
}

/** A file that was written. */
export interface WrittenFile extends Digest {
  /** The system's number of it, which stays when it is given another name. */
  inode: number
}

/** Both checksums of chunks one behind the other. */
export function digestOf(chunks: readonly Uint8Array[]): Digest {
  const md5 = createHash('md5')
  const crc = new MachineCrc64()
  for (const chunk of chunks) {
    md5.update(chunk)
    crc.update(chunk)
  }
  return { md5: md5.digest('hex').toUpperCase(), crc64: crc.digest() }
}
