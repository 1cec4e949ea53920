import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Crc64 } from './crc64.ts'

/** Bytes that are written at a time; as many may arrive in the meantime. */
const BATCH = 512 * 1024

/** Thrown while bytes still arrive, once there are more than allowed. */
export class TooLargeError extends Error {
  constructor(max: number) {
    super(`More than ${max} bytes`)
    this.name = 'TooLargeError'
  }
}

/** Bytes on the disk that belong to no object yet. */
export interface StagedFile {
  path: string
  /** Bytes. */
  size: number
  /** Upper-case hex. */
  md5: string
  crc64: bigint
  /** Removes the file; harmless once it has become an object. */
  discard(): Promise<void>
}

/**
 * Writes a stream to a file of its own. Whatever goes wrong, also in the source, no file is left.
 * The file is handed to the system, not synced to the disk: it outlives this process however that
 * ends, but not for certain a power cut.
 *
 * @param max Bytes allowed
 * @throws TooLargeError as soon as there are more
 */
export async function stageFile(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  max: number = Number.POSITIVE_INFINITY,
): Promise<StagedFile> {
  const path = join(folder, randomUUID())
  let discarded = false
  const discard = async (): Promise<void> => {
    if (discarded) return
    discarded = true
    await unlink(path).catch(() => {})
  }
  const file = await open(path, 'wx')
  try {
    const digest = await write(file, source, max)
    await file.close()
    return { path, ...digest, discard }
  } catch (error) {
    await file.close().catch(() => {})
    await discard()
    throw error
  }
}

// While the system writes one batch, this thread hashes the next.
async function write(file: FileHandle, source: AsyncIterable<Uint8Array>, max: number) {
  const md5 = createHash('md5')
  const crc = new Crc64()
  let size = 0
  let batch: Uint8Array[] = []
  let batched = 0
  let written: Promise<void> = Promise.resolve()
  const flush = async (): Promise<void> => {
    await written
    written = writeAll(file, batch)
    // Whoever awaits it is told; until then nobody has to.
    written.catch(() => {})
    batch = []
    batched = 0
  }
  for await (const chunk of source) {
    size += chunk.length
    if (size > max) throw new TooLargeError(max)
    batch.push(chunk)
    batched += chunk.length
    if (batched >= BATCH) await flush()
    md5.update(chunk)
    crc.update(chunk)
  }
  await flush()
  await written
  return { size, md5: md5.digest('hex').toUpperCase(), crc64: crc.digest() }
}

async function writeAll(file: FileHandle, chunks: Uint8Array[]): Promise<void> {
  if (chunks.length === 0) return
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  let { bytesWritten: done } = await file.writev(chunks)
  if (done === length) return
  const rest = Buffer.concat(chunks)
  while (done < length) done += (await file.write(rest, done)).bytesWritten
}
