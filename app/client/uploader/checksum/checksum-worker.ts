import { blobCrc64 } from './blob-crc64.ts'

/** Message to the worker: compute the CRC-64 of a blob. */
export interface ChecksumRequest {
  id: number
  blob: Blob
}

/** Message from the worker. Has no checksum when the blob could not be read. */
export interface ChecksumReply {
  id: number
  crc64?: bigint
}

addEventListener('message', async ({ data }: MessageEvent<ChecksumRequest>) => {
  const { id, blob } = data
  const crc64 = await blobCrc64(blob).catch(() => undefined)
  postMessage({ id, ...(crc64 === undefined ? {} : { crc64 }) } satisfies ChecksumReply)
})
