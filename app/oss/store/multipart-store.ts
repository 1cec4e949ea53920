import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { assemble, chosenParts } from './part-assembly.ts'
import type { StagedFile } from './staged-file.ts'

/** A multipart upload that was begun. */
export interface MultipartUpload {
  uploadId: string
  key: string
  /** ISO 8601. */
  initiated: string
  headers: Record<string, string>
  acl?: string
  storageClass?: string
  forbidOverwrite: boolean
}

/** A part that has arrived. */
export interface Part {
  partNumber: number
  /** The MD5, upper-case hex. */
  etag: string
  /** Unsigned decimal. */
  crc64: string
  size: number
  /** ISO 8601. */
  lastModified: string
  path: string
}

/** The multipart uploads of one bucket: a folder for each, in it a file for each part. */
export class MultipartStore {
  readonly #folder: string
  /** One change at a time for an upload: the tail of its queue. */
  readonly #writers = new Map<string, Promise<unknown>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async begin(upload: Omit<MultipartUpload, 'uploadId'>): Promise<MultipartUpload> {
    const uploadId = randomBytes(16).toString('hex').toUpperCase()
    const folder = join(this.#folder, uploadId)
    await mkdir(folder, { recursive: true })
    const begun = { ...upload, uploadId }
    await writeFile(join(folder, 'begun.json'), JSON.stringify(begun))
    await rename(join(folder, 'begun.json'), join(folder, 'upload.json'))
    return begun
  }

  /** @returns undefined when it was never begun, or has ended */
  async find(uploadId: string): Promise<MultipartUpload | undefined> {
    if (!/^[0-9A-F]{32}$/.test(uploadId)) return undefined
    try {
      const text = await readFile(join(this.#folder, uploadId, 'upload.json'), 'utf8')
      return JSON.parse(text) as MultipartUpload
    } catch {
      return undefined
    }
  }

  /** Uploads that have not ended, by key and then by id. */
  async list(): Promise<MultipartUpload[]> {
    const ids = await readdir(this.#folder).catch(() => [])
    const found = await Promise.all(ids.map((id) => this.find(id)))
    return found
      .filter((upload) => upload !== undefined)
      .sort(
        (a, b) =>
          Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) ||
          (a.uploadId < b.uploadId ? -1 : 1),
      )
  }

  /** Keeps a part, in the place of an earlier one of its number. Its name tells all about it. */
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
    return partAt(folder, name)
  }

  /** The parts so far, by number. */
  async parts(uploadId: string): Promise<Part[]> {
    const folder = join(this.#folder, uploadId)
    for (;;) {
      const chosen = await chosenParts(folder)
      if (chosen) return chosen
      const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{5}-/.test(name))
      const found = await Promise.all(names.map((name) => partAt(folder, name).catch(unlessGone)))
      // One that was replaced meanwhile has another name now.
      if (found.includes(undefined)) continue
      const parts = new Map<number, Part>()
      for (const part of found.filter((one) => one !== undefined)) {
        const other = parts.get(part.partNumber)
        if (!other || other.lastModified < part.lastModified) parts.set(part.partNumber, part)
      }
      return [...parts.values()].sort((a, b) => a.partNumber - b.partNumber)
    }
  }

  /**
   * Makes one file of parts, which are used up by it.
   *
   * @returns undefined when the upload has become an object already
   */
  assemble(uploadId: string, parts: readonly Part[]): Promise<StagedFile | undefined> {
    return assemble(join(this.#folder, uploadId), parts)
  }

  /** Runs what changes an upload while nothing else changes it. */
  async exclusively<T>(uploadId: string, action: () => Promise<T>): Promise<T> {
    const before = this.#writers.get(uploadId) ?? Promise.resolve()
    const mine = before.then(action, action)
    this.#writers.set(uploadId, mine)
    try {
      return await mine
    } finally {
      if (this.#writers.get(uploadId) === mine) this.#writers.delete(uploadId)
    }
  }

  /** Removes uploads that were begun before a time, and what is left of ones that have ended. */
  async sweep(before: Date): Promise<void> {
    for (const uploadId of await readdir(this.#folder).catch(() => [])) {
      await this.exclusively(uploadId, async () => {
        const upload = await this.find(uploadId)
        if (upload === undefined || new Date(upload.initiated) < before) await this.end(uploadId)
      })
    }
  }

  /** Forgets an upload and removes its parts. */
  async end(uploadId: string): Promise<void> {
    await rm(join(this.#folder, uploadId), { recursive: true, force: true })
  }
}

/** The ETag of an object made of parts: the MD5 of their MD5s, and how many there were. */
export function multipartEtag(parts: readonly Part[]): string {
  const hash = createHash('md5')
  for (const { etag } of parts) hash.update(Buffer.from(etag, 'hex'))
  return `${hash.digest('hex').toUpperCase()}-${parts.length}`
}

async function partAt(folder: string, name: string): Promise<Part> {
  const path = join(folder, name)
  const [number = '', etag = '', crc64 = ''] = name.split('-')
  const { size, mtime } = await stat(path)
  const lastModified = mtime.toISOString()
  return { partNumber: Number(number), etag, crc64, size, lastModified, path }
}

function unlessGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
