import { blobCrc64 } from './blob-crc64.ts'

/** What the page asks: the checksum of a blob. */
export interface ChecksumRequest {
  id: number
  blob: Blob
}

/** What the worker answers; without a checksum the blob could not be read. */
export interface ChecksumReply {
  id: number
  crc64?: bigint
}

addEventListener('message', async ({ data }: MessageEvent<ChecksumRequest>) => {
  const { id, blob } = data
  const crc64 = await blobCrc64(blob).catch(() => undefined)
  postMessage({ id, ...(crc64 === undefined ? {} : { crc64 }) } satisfies ChecksumReply)
})
