import { Crc64 } from '../../../crc64/crc64.ts'

const BLOCK_BYTES = 1024 * 1024

/**
 * Returns the CRC-64 of a blob, which is read in blocks.
 *
 * @throws DOMException NotReadableError when the file has changed since it was selected
 */
export async function blobCrc64(blob: Blob): Promise<bigint> {
  const crc = new Crc64()
  for (let offset = 0; offset < blob.size; offset += BLOCK_BYTES) {
    const block = await blob.slice(offset, offset + BLOCK_BYTES).arrayBuffer()
    crc.update(new Uint8Array(block))
  }
  return crc.digest()
}
