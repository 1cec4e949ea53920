import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { Crc64 } from './crc64.ts'

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
 * Writes a stream to a file of its own and flushes it to the disk. Whatever goes wrong, also in
 * the source, no file is left.
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
  const discard = () => unlink(path).catch(() => {})
  const file = await open(path, 'wx')
  try {
    const digest = await write(file, source, max)
    await file.sync()
    await file.close()
    return { path, ...digest, discard }
  } catch (error) {
    await file.close().catch(() => {})
    await discard()
    throw error
  }
}

async function write(file: FileHandle, source: AsyncIterable<Uint8Array>, max: number) {
  const md5 = createHash('md5')
  const crc = new Crc64()
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > max) throw new TooLargeError(max)
    md5.update(chunk)
    crc.update(chunk)
    for (let written = 0; written < chunk.length; ) {
      written += (await file.write(chunk, written)).bytesWritten
    }
  }
  return { size, md5: md5.digest('hex').toUpperCase(), crc64: crc.digest() }
}
