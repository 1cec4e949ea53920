import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KeyedQueue } from './keyed-queue.ts'
import type { ObjectTags } from './object-meta.ts'
import type { Part } from './part.ts'
import { assembleParts, journaledParts } from './part-assembly.ts'
import type { StagedFile } from './staged-file.ts'

/** An initiated multipart upload. */
export interface MultipartUpload {
  uploadId: string
  key: string
  /** ISO 8601. */
  initiated: string
  /** Headers of the object to be. */
  headers: Record<string, string>
  acl?: string
  storageClass?: string
  tags?: ObjectTags
  forbidOverwrite: boolean
}

/** The multipart uploads of one bucket: a folder for each, with one file for each part. */
export class MultipartStore {
  readonly #folder: string
  readonly #queue = new KeyedQueue()

  constructor(folder: string) {
    this.#folder = folder
  }

  async initiate(upload: Omit<MultipartUpload, 'uploadId'>): Promise<MultipartUpload> {
    const uploadId = randomBytes(16).toString('hex').toUpperCase()
    const folder = join(this.#folder, uploadId)
    await mkdir(folder, { recursive: true })
    const initiated = { ...upload, uploadId }
    await writeFile(join(folder, 'upload.tmp'), JSON.stringify(initiated))
    await rename(join(folder, 'upload.tmp'), join(folder, 'upload.json'))
    return initiated
  }

  /** @returns undefined when there is no such upload, or it has been completed or aborted */
  async find(uploadId: string): Promise<MultipartUpload | undefined> {
    if (!/^[0-9A-F]{32}$/.test(uploadId)) return undefined
    try {
      const text = await readFile(join(this.#folder, uploadId, 'upload.json'), 'utf8')
      return JSON.parse(text) as MultipartUpload
    } catch {
      return undefined
    }
  }

  /** Returns all uploads in progress, by key and then by id. */
  async list(): Promise<MultipartUpload[]> {
    const ids = await readdir(this.#folder).catch(() => [])
    const uploads = await Promise.all(ids.map((id) => this.find(id)))
    return uploads
      .filter((upload) => upload !== undefined)
      .sort(
        (a, b) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) ||
          (a.uploadId < b.uploadId ? -1 : 1),
      )
  }

  /** Stores a part and removes an earlier one with the same number. */
  async putPart(uploadId: string, partNumber: number, staged: StagedFile): Promise<Part> {
    const folder = join(this.#folder, uploadId)
    const number = String(partNumber).padStart(5, '0')
    const name = `${number}-${staged.md5}-${staged.crc64}-${randomBytes(4).toString('hex')}`
    await rename(staged.path, join(folder, name))
    staged.moved()
    for (const other of await readdir(folder)) {
      if (other.startsWith(`${number}-`) && other !== name) {
        await unlink(join(folder, other)).catch(() => {})
      }
    }
    return readPart(folder, name)
  }

  /** Returns the parts that have been received, by number. */
  async parts(uploadId: string): Promise<Part[]> {
    const folder = join(this.#folder, uploadId)
    for (;;) {
      const journaled = await journaledParts(folder)
      if (journaled) return journaled
      const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{5}-/.test(name))
      const found = await Promise.all(
        names.map((name) => readPart(folder, name).catch(ignoreMissing)),
      )
      // A part that was replaced meanwhile has another name now.
      if (found.includes(undefined)) continue
      const parts = new Map<number, Part>()
      for (const part of found.filter((one) => one !== undefined)) {
        const other = parts.get(part.partNumber)
        if (!other || other.lastModified < part.lastModified) parts.set(part.partNumber, part)
      }
      return [...parts.values()].sort((a, b) => a.partNumber - b.partNumber)
    }
  }

  /** Makes one file of parts and removes them. See `assembleParts`. */
  assemble(uploadId: string, parts: readonly Part[]): Promise<StagedFile | undefined> {
    return assembleParts(join(this.#folder, uploadId), parts)
  }

  /** Runs an action on an upload while no other one runs on it. */
  exclusively<T>(uploadId: string, action: () => Promise<T>): Promise<T> {
    return this.#queue.run(uploadId, action)
  }

  /** Removes uploads that were initiated before a time, and leftovers of ended ones. */
  async sweep(before: Date): Promise<void> {
    for (const uploadId of await readdir(this.#folder).catch(() => [])) {
      await this.exclusively(uploadId, async () => {
        const upload = await this.find(uploadId)
        if (upload === undefined || new Date(upload.initiated) < before) await this.remove(uploadId)
      })
    }
  }

  /** Removes an upload with its parts. */
  async remove(uploadId: string): Promise<void> {
    await rm(join(this.#folder, uploadId), { recursive: true, force: true })
  }
}

async function readPart(folder: string, name: string): Promise<Part> {
  const path = join(folder, name)
  const [number = '', etag = '', crc64 = ''] = name.split('-')
  const { size, mtime } = await stat(path)
  return { partNumber: Number(number), etag, crc64, size, lastModified: mtime.toISOString(), path }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
