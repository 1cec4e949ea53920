import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { blobCrc64 } from '../../app/client/uploader/checksum/blob-crc64.ts'
import { memoryStorage } from '../../app/client/uploader/multipart/memory-storage.ts'
import type {
  MultipartInput,
  MultipartPlatform,
} from '../../app/client/uploader/multipart/options.ts'
import { PauseGate } from '../../app/client/uploader/multipart/pause-gate.ts'
import type { RecordStorage } from '../../app/client/uploader/multipart/record-storage.ts'
import { ResumeStore } from '../../app/client/uploader/multipart/resume-store.ts'
import type { PartReply } from '../../app/client/uploader/multipart/send-part.ts'
import { Semaphore } from '../../app/client/uploader/semaphore.ts'
import { bucketError, noResponse, UploadError } from '../../app/client/uploader/upload-error.ts'

const BLOCK = 512 * 1024

/** Returns the platform that runs the page's uploader in Node. */
export function nodePlatform(storage: RecordStorage = memoryStorage()): MultipartPlatform {
  return {
    sendPart,
    crc64: blobCrc64,
    failsChangedFiles: true,
    resumeStore: new ResumeStore(storage),
    connection: {
      isOnline: () => true,
      untilOnline: async () => {},
      isReachable: async (url) => (await fetch(url)).status > 0,
    },
  }
}

/** Returns the input for uploading one file, with usual settings. */
export function multipartInput(
  serverUrl: string,
  data: Blob,
  change: Partial<MultipartInput> = {},
): MultipartInput {
  return {
    serverUrl,
    accessCode: () => undefined,
    file: { name: 'large.bin', type: 'application/octet-stream', size: data.size, rename: false },
    lastModifiedMs: 1,
    data,
    signal: new AbortController().signal,
    gate: new PauseGate(),
    connectionLimit: new Semaphore(4),
    onProgress: () => {},
    platform: nodePlatform(),
    ...change,
  }
}

// Unlike fetch, which buffers the whole part, this holds one block in memory.
async function sendPart(
  url: string,
  part: Blob,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<PartReply> {
  const call = request(url, { method: 'PUT', signal, headers: { 'Content-Length': part.size } })
  const answered = once(call, 'response') as Promise<[IncomingMessage]>
  answered.catch(() => {})
  try {
    for (let at = 0; at < part.size && !call.destroyed; at += BLOCK) {
      const block = new Uint8Array(await part.slice(at, at + BLOCK).arrayBuffer())
      const written = new Promise((done) => call.write(block, done))
      // After an early response the remaining blocks are never written.
      await Promise.race([written, answered])
      onProgress(Math.min(at + BLOCK, part.size))
    }
    call.end()
    const [response] = await answered
    const body = await text(response)
    const { statusCode: status = 0, headers } = response
    if (status !== 200) throw new UploadError(bucketError(status, body))
    return { etag: headers.etag, crc64: headers['x-oss-hash-crc64ecma']?.toString() }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof UploadError ? error : new UploadError(noResponse('bucket'))
  }
}
