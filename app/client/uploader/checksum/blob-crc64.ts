import { Crc64 } from '@oss-direct-upload/crc64'

const BLOCK_BYTES = 1024 * 1024

/**
 * Returns the CRC-64 of a blob, which is read in blocks.
 *
 * @throws DOMException NotReadableError when the file has changed since it was selected
 * @throws TypeError in WebKit when the file's modification time has changed
 */
export async function blobCrc64(blob: Blob): Promise<bigint> {
  const crc = new Crc64()
  let bytes = 0
  for await (const block of blob instanceof File ? stream(blob) : slices(blob)) {
    crc.update(block)
    bytes += block.byteLength
    if (bytes > blob.size) break
  }
  if (bytes !== blob.size) throw new DOMException('Wrong size', 'NotReadableError')
  return crc.digest()
}

/**
 * Streams a whole file. Only this shows that it has grown in Firefox, and that it has been modified in
 * WebKit, as far as its modification time in whole seconds shows it.
 */
async function* stream(file: File): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    void reader.cancel().catch(() => {})
  }
}

/** Firefox reads up to the end of a file that has become shorter. */
async function* slices(blob: Blob): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < blob.size; offset += BLOCK_BYTES) {
    yield new Uint8Array(await blob.slice(offset, offset + BLOCK_BYTES).arrayBuffer())
  }
}
