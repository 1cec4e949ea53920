import { Crc64 } from '../../../crc64/crc64.ts'

const BLOCK = 1024 * 1024

/**
 * CRC-64 of a blob, read in blocks.
 *
 * @throws DOMException NotReadableError when the file has changed since it was selected
 */
export async function blobCrc64(blob: Blob): Promise<bigint> {
  const crc = new Crc64()
  for (let at = 0; at < blob.size; at += BLOCK) {
    crc.update(new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer()))
  }
  return crc.digest()
}
