import { type FileHandle, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { combineCrc64 } from '../../crc64/combine.ts'
import type { Part } from './multipart-store.ts'
import { isEmptyBlock } from './sparse-block.ts'
import type { StagedFile } from './staged-file.ts'

const JOURNAL = 'completing.json'
const WHOLE = 'whole'
const BLOCK = 4 * 1024 * 1024
/** Bytes after which what was appended is safe on the disk, and its parts can go. */
const BATCH = 64 * 1024 * 1024

/**
 * The parts that a completion which began has chosen; undefined before one begins.
 *
 * @param folder Of the upload
 */
export async function chosenParts(folder: string): Promise<Part[] | undefined> {
  try {
    const chosen = JSON.parse(await readFile(join(folder, JOURNAL), 'utf8')) as Part[]
    return chosen.map((part) => ({ ...part, path: join(folder, part.path) }))
  } catch {
    return undefined
  }
}

/** Thrown when other parts have been chosen already, and used up. */
export class PartsChosenError extends Error {
  constructor() {
    super('The completion of this upload has begun with other parts')
    this.name = 'PartsChosenError'
  }
}

/**
 * Makes one file of an upload's parts, in the place of the first of them: the others are appended
 * and removed as it grows, so that the disk holds the object once and not twice. What has begun is
 * written down first; a process that is killed can go on where it was.
 *
 * @param parts In their order, at least one
 * @returns undefined when the bytes have already become an object
 * @throws PartsChosenError
 */
export async function assemble(
  folder: string,
  parts: readonly Part[],
): Promise<StagedFile | undefined> {
  const whole = join(folder, WHOLE)
  const chosen = await chosenParts(folder)
  if (chosen && chosen.map(({ path }) => path).join() !== parts.map(({ path }) => path).join()) {
    throw new PartsChosenError()
  }
  if (!chosen) {
    const named = parts.map((part) => ({ ...part, path: part.path.slice(folder.length + 1) }))
    await writeFile(join(folder, 'journal.tmp'), JSON.stringify(named), { flush: true })
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

async function append(file: FileHandle, size: number, parts: readonly Part[]): Promise<void> {
  const block = Buffer.allocUnsafe(BLOCK)
  let end = 0
  let appended: string[] = []
  let unsafe = 0
  for (const part of parts) {
    end += part.size
    // It is in the file already: the first one, and those of before the process was killed.
    if (end > size) {
      await copyInto(file, part, end - part.size, block)
      unsafe += part.size
    }
    appended.push(part.path)
    if (unsafe < BATCH) continue
    await file.truncate(Math.max(size, end))
    await file.sync()
    for (const path of appended) await unlink(path).catch(() => {})
    appended = []
    unsafe = 0
  }
  await file.truncate(end)
  await file.sync()
  for (const path of appended) await unlink(path).catch(() => {})
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
      if (bytesRead === 0) throw new Error(`Part ${part.partNumber} is shorter than it was`)
      // What is a hole in the part stays one.
      const isHole = isEmptyBlock(block.subarray(0, bytesRead))
      for (let out = isHole ? bytesRead : 0; out < bytesRead; ) {
        const { bytesWritten } = await file.write(
          block,
          out,
          bytesRead - out,
          position + done + out,
        )
        out += bytesWritten
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
