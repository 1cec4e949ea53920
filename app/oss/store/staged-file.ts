import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { digestOf, type WrittenFile } from './digest.ts'
import { LargeFile } from './large-file.ts'
import { BLOCK_BYTES } from './staging-request.ts'
import { stagingThread } from './staging-thread.ts'
import { writeNewFile } from './write-new-file.ts'

/** Thrown while bytes still arrive, once there are more than allowed. */
export class TooLargeError extends Error {
  constructor(max: number) {
    super(`More than ${max} bytes`)
    this.name = 'TooLargeError'
  }
}

/** Bytes on the disk that belong to no object yet. */
export interface StagedFile extends WrittenFile {
  path: string
  /** Bytes. */
  size: number
  /** To be called once the file has another name, so that there is nothing to discard. */
  moved(): void
  /** Removes the file; harmless once it has become an object. */
  discard(): Promise<void>
}

/**
 * Writes a stream to a file of its own. Whatever goes wrong, also in the source, no file is left.
 * The file is handed to the system, not synced to the disk: it outlives this process however that
 * ends, but not for certain a power cut.
 *
 * @param source Its chunks are used up: memory that one has to itself is given back at once
 * @param max Bytes allowed
 * @throws TooLargeError as soon as there are more
 */
export async function stageFile(
  folder: string,
  source: AsyncIterable<Uint8Array>,
  max: number = Number.POSITIVE_INFINITY,
): Promise<StagedFile> {
  const path = `${folder}${sep}${randomUUID()}`
  let isThere = true
  const moved = (): void => {
    isThere = false
  }
  const discard = async (): Promise<void> => {
    if (!isThere) return
    isThere = false
    await unlink(path).catch(() => {})
  }
  try {
    return { path, ...(await write(path, source, max)), moved, discard }
  } catch (error) {
    await discard()
    throw error
  }
}

async function write(
  path: string,
  source: AsyncIterable<Uint8Array>,
  max: number,
): Promise<WrittenFile & { size: number }> {
  const first: Uint8Array[] = []
  let size = 0
  let file: number | undefined
  let large: LargeFile | undefined
  try {
    for await (const chunk of source) {
      size += chunk.length
      if (size > max) throw new TooLargeError(max)
      if (large) {
        await large.write(chunk)
        continue
      }
      first.push(chunk)
      if (size <= BLOCK_BYTES) continue
      file = openSync(path, 'wx')
      large = new LargeFile(file)
      for (const early of first.splice(0)) await large.write(early)
    }
    if (large && file !== undefined) {
      return { size, inode: fstatSync(file).ino, ...(await large.end()) }
    }
  } finally {
    await large?.close()
    if (file !== undefined) closeSync(file)
  }
  return { size, ...(await writeSmall(path, first, size)) }
}

// What fits into a block: by the thread beside this one if it has the time, else here and now, as
// the system takes it into its memory in less time than it takes to wake another thread.
async function writeSmall(
  path: string,
  chunks: readonly Uint8Array[],
  size: number,
): Promise<WrittenFile> {
  const written = stagingThread.write(path, chunks, size)
  if (written) return written
  const inode = writeNewFile(path, chunks, size)
  return { inode, ...digestOf(chunks) }
}
