import { type FileHandle, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { combineCrc64 } from '@oss-direct-upload/crc64/combine'
import type { Part } from './part.ts'
import { isEmptyBlock } from './sparse-block.ts'
import type { StagedFile } from './staged-file.ts'

const JOURNAL = 'completing.json'
const WHOLE = 'whole'
const BLOCK_BYTES = 4 * 1024 * 1024
/** Bytes after which appended parts are synced to the disk and removed. */
const SYNC_BYTES = 64 * 1024 * 1024

/**
 * Returns the parts that a started completion has chosen; undefined when none has started.
 *
 * @param folder Of the upload
 */
export async function journaledParts(folder: string): Promise<Part[] | undefined> {
  try {
    const parts = JSON.parse(await readFile(join(folder, JOURNAL), 'utf8')) as Part[]
    return parts.map((part) => ({ ...part, path: join(folder, part.path) }))
  } catch {
    return undefined
  }
}

/** Thrown when an earlier completion has already used up other parts. */
export class PartsChosenError extends Error {
  constructor() {
    super('The completion of this upload has started with other parts')
    this.name = 'PartsChosenError'
  }
}

/**
 * Makes one file of an upload's parts. Appends them to the first part and removes them as it grows, so
 * that the disk holds the bytes once. A journal lets a killed process continue where it stopped.
 *
 * @param folder Of the upload
 * @param parts In order, at least one
 * @returns undefined when the bytes have already become an object
 * @throws PartsChosenError
 */
export async function assembleParts(
  folder: string,
  parts: readonly Part[],
): Promise<StagedFile | undefined> {
  const whole = join(folder, WHOLE)
  const chosen = await journaledParts(folder)
  if (chosen && chosen.map(({ path }) => path).join() !== parts.map(({ path }) => path).join()) {
    throw new PartsChosenError()
  }
  if (!chosen) {
    const journal = parts.map((part) => ({ ...part, path: part.path.slice(folder.length + 1) }))
    await writeFile(join(folder, 'journal.tmp'), JSON.stringify(journal), { flush: true })
    await rename(join(folder, 'journal.tmp'), join(folder, JOURNAL))
  }
  const [first] = parts
  if (first === undefined) return undefined
  if (!(await exists(whole))) {
    if (!(await exists(first.path))) return undefined
    await rename(first.path, whole)
  }
  const file = await open(whole, 'r+')
  let inode: number
  try {
    const before = await file.stat()
    inode = before.ino
    await append(file, before.size, parts)
  } finally {
    await file.close()
  }
  const size = parts.reduce((sum, part) => sum + part.size, 0)
  const crc64 = parts.reduce((crc, part) => combineCrc64(crc, BigInt(part.crc64), part.size), 0n)
  const discard = (): Promise<void> => unlink(whole).catch(() => {})
  return { path: whole, inode, size, md5: '', crc64, moved: () => {}, discard }
}

/** @param size Bytes that the file has already: of the first part, and from before a kill */
async function append(file: FileHandle, size: number, parts: readonly Part[]): Promise<void> {
  const block = Buffer.allocUnsafe(BLOCK_BYTES)
  let end = 0
  let appended: string[] = []
  let unsynced = 0
  const removeAppended = async (length: number): Promise<void> => {
    await file.truncate(length)
    await file.sync()
    for (const path of appended) await unlink(path).catch(() => {})
    appended = []
    unsynced = 0
  }
  for (const part of parts) {
    end += part.size
    if (end > size) {
      await copyInto(file, part, end - part.size, block)
      unsynced += part.size
    }
    appended.push(part.path)
    if (unsynced >= SYNC_BYTES) await removeAppended(Math.max(size, end))
  }
  await removeAppended(end)
}

async function copyInto(
  file: FileHandle,
  part: Part,
  position: number,
  block: Buffer,
): Promise<void> {
  const source = await open(part.path)
  try {
    for (let done = 0; done < part.size; ) {
      const { bytesRead } = await source.read(block, 0, block.length, done)
      if (bytesRead === 0) throw new Error(`Part ${part.partNumber} has become shorter`)
      // A hole of the part stays a hole.
      const isHole = isEmptyBlock(block.subarray(0, bytesRead))
      for (let out = isHole ? bytesRead : 0; out < bytesRead; ) {
        const at = position + done + out
        out += (await file.write(block, out, bytesRead - out, at)).bytesWritten
      }
      done += bytesRead
    }
  } finally {
    await source.close()
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
