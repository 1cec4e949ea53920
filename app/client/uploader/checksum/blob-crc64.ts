import { Crc64 } from '@oss-direct-upload/crc64'

const BLOCK_BYTES = 1024 * 1024

/**
 * Returns the CRC-64 of a blob, which is read in blocks.
 *
 * @throws DOMException NotReadableError when the file has changed since it was selected
 */
export async function blobCrc64(blob: Blob): Promise<bigint> {
  const crc = new Crc64()
  for (let offset = 0; offset < blob.size; offset += BLOCK_BYTES) {
    const slice = blob.slice(offset, offset + BLOCK_BYTES)
    const block = await slice.arrayBuffer()
    // Firefox reads up to the end of a file that has become shorter.
    if (block.byteLength !== slice.size) throw new DOMException('Too short', 'NotReadableError')
    crc.update(new Uint8Array(block))
  }
  return crc.digest()
}
