import { memoryStorage } from '../../app/client/parts/memory-storage.ts'
import { checksumOf } from '../../app/client/parts/part-checksum.ts'
import type { PartsInput, PartsPlatform } from '../../app/client/parts/parts-input.ts'
import { PauseGate } from '../../app/client/parts/pause-gate.ts'
import type { PartReply } from '../../app/client/parts/send-part.ts'
import { type RecordStorage, UploadRecords } from '../../app/client/parts/upload-record.ts'
import { noAnswer, refusalByBucket, UploadRefusedError } from '../../app/client/refusal.ts'
import { UploadSlots } from '../../app/client/upload-slots.ts'

/** What the page's own uploader needs of Node instead of a browser. */
export function nodePlatform(storage: RecordStorage = memoryStorage()): PartsPlatform {
  return {
    sendPart,
    checksum: checksumOf,
    records: new UploadRecords(storage),
    connection: { isOnline: () => true, untilOnline: async () => {} },
    bucketAnswers: async (url) => (await fetch(url)).status > 0,
  }
}

/** One file to upload, with everything that a test rarely changes. */
export function partsInput(
  serverUrl: string,
  data: Blob,
  change: Partial<PartsInput> = {},
): PartsInput {
  return {
    serverUrl,
    accessCode: () => undefined,
    file: { name: 'large.bin', type: 'application/octet-stream', size: data.size, rename: false },
    lastModified: 1,
    data,
    signal: new AbortController().signal,
    gate: new PauseGate(),
    slots: new UploadSlots(4),
    onStep: () => {},
    platform: nodePlatform(),
    ...change,
  }
}

async function sendPart(
  url: string,
  part: Blob,
  onProgress: (sent: number) => void,
  signal: AbortSignal,
): Promise<PartReply> {
  try {
    const response = await fetch(url, { method: 'PUT', body: await part.arrayBuffer(), signal })
    const text = await response.text()
    if (!response.ok) throw new UploadRefusedError(refusalByBucket(response.status, text))
    onProgress(part.size)
    return {
      etag: response.headers.get('etag') ?? undefined,
      crc64: response.headers.get('x-oss-hash-crc64ecma') ?? undefined,
    }
  } catch (error) {
    signal.throwIfAborted()
    throw error instanceof UploadRefusedError ? error : new UploadRefusedError(noAnswer('bucket'))
  }
}
