import { randomUUID } from 'node:crypto'
import { closeSync, openSync, writevSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Digest, digestOf } from './digest.ts'
import { BLOCK_BYTES, hashThread } from './hash-thread.ts'
import { LargeFile } from './large-file.ts'

/** Thrown while bytes still arrive, once there are more than allowed. */
export class TooLargeError extends Error {
  constructor(max: number) {
    super(`More than ${max} bytes`)
    this.name = 'TooLargeError'
  }
}

/** Bytes on the disk that belong to no object yet. */
export interface StagedFile extends Digest {
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
  const path = join(folder, randomUUID())
  let isThere = true
  const moved = (): void => {
    isThere = false
  }
  const discard = async (): Promise<void> => {
    if (!isThere) return
    isThere = false
    await unlink(path).catch(() => {})
  }
  const file = openSync(path, 'wx')
  try {
    return { path, ...(await write(file, source, max)), moved, discard }
  } catch (error) {
    await discard()
    throw error
  } finally {
    closeSync(file)
  }
}

// What fits into a block is written here and now: the system takes it into its memory in less time
// than it takes to wake another thread. Meanwhile that thread hashes it, if it has the time.
async function write(
  file: number,
  source: AsyncIterable<Uint8Array>,
  max: number,
): Promise<Digest & { size: number }> {
  const first: Uint8Array[] = []
  let size = 0
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
      large = new LargeFile(file)
      for (const early of first.splice(0)) await large.write(early)
    }
    if (large) return { size, ...(await large.end()) }
  } finally {
    await large?.close()
  }
  const elsewhere = hashThread.digest(first, size)
  // Whoever awaits it is told; when the disk is full nobody does.
  elsewhere?.catch(() => {})
  writeAll(file, first, size)
  return { size, ...(elsewhere ? await elsewhere : digestOf(first)) }
}

function writeAll(file: number, chunks: readonly Uint8Array[], size: number): void {
  if (size === 0) return
  let done = writevSync(file, chunks)
  if (done === size) return
  const rest = Buffer.concat(chunks)
  while (done < size) done += writevSync(file, [rest.subarray(done)])
}
