import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { digestOf, type WrittenFile } from './digest.ts'
import { LargeFile } from './large-file.ts'
import { BLOCK_BYTES } from './staging-request.ts'
import { stagingThread } from './staging-thread.ts'
import { writeNewFile } from './write-new-file.ts'

/** Thrown while bytes still arrive, as soon as there are more than allowed. */
export class TooLargeError extends Error {
  constructor(maxBytes: number) {
    super(`More than ${maxBytes} bytes`)
    this.name = 'TooLargeError'
  }
}

/** Bytes on the disk that do not belong to an object yet. */
export interface StagedFile extends WrittenFile {
  path: string
  /** Bytes. */
  size: number
  /** Must be called when the file has been moved, so that `discard` leaves its old path alone. */
  moved(): void
  /** Removes the file. Does nothing once it has been moved. */
  discard(): Promise<void>
}

/**
 * Writes a stream to a new file. A failure, also of the source, leaves no file. The file is not synced
 * to the disk: it survives the end of this process, but not always a power cut.
 *
 * @param source Its chunks may be detached: they must not be used afterwards
 * @param maxBytes @default no limit
 * @throws TooLargeError as soon as there are more bytes
 */
export async function stageFile(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number = Number.POSITIVE_INFINITY,
): Promise<StagedFile> {
  const path = `${folder}${sep}${randomUUID()}`
  let exists = true
  const moved = (): void => {
    exists = false
  }
  const discard = async (): Promise<void> => {
    if (!exists) return
    exists = false
    await unlink(path).catch(() => {})
  }
  try {
    return { path, ...(await write(path, source, maxBytes)), moved, discard }
  } catch (error) {
    await discard()
    throw error
  }
}

async function write(
  path: string,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<WrittenFile & { size: number }> {
  const chunks: Uint8Array[] = []
  let size = 0
  let file: number | undefined
  let large: LargeFile | undefined
  try {
    for await (const chunk of source) {
      size += chunk.length
      if (size > maxBytes) throw new TooLargeError(maxBytes)
      if (large) {
        await large.write(chunk)
        continue
      }
      chunks.push(chunk)
      if (size <= BLOCK_BYTES) continue
      file = openSync(path, 'wx')
      large = new LargeFile(file)
      for (const early of chunks.splice(0)) await large.write(early)
    }
    if (large && file !== undefined) {
      return { size, inode: fstatSync(file).ino, ...(await large.end()) }
    }
  } finally {
    await large?.close()
    if (file !== undefined) closeSync(file)
  }
  const written = (await stagingThread.write(path, chunks, size)) ?? writeHere(path, chunks, size)
  return { size, ...written }
}

function writeHere(path: string, chunks: readonly Uint8Array[], size: number): WrittenFile {
  const inode = writeNewFile(path, chunks, size)
  return { inode, ...digestOf(chunks) }
}
