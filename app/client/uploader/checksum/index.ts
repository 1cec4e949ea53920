import { ChecksumClient } from './checksum-client.ts'

let client: ChecksumClient | undefined

/** Returns the CRC-64 of a blob. @throws DOMException when it cannot be read */
export function crc64(blob: Blob): Promise<bigint> {
  client ??= new ChecksumClient()
  return client.crc64(blob)
}
