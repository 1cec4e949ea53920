import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
    const before = (await this.parts(uploadId)).find((part) => part.partNumber === partNumber)
    const number = String(partNumber).padStart(5, '0')
    const name = `${number}-${staged.md5}-${staged.crc64}-${randomBytes(4).toString('hex')}`
    const path = join(folder, name)
    await rename(staged.path, path)
    if (before) await unlink(before.path).catch(() => {})
    return partAt(folder, name)
  }

  /** The parts so far, by number. */
  async parts(uploadId: string): Promise<Part[]> {
    const folder = join(this.#folder, uploadId)
    const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{5}-/.test(name))
    const parts = new Map<number, Part>()
    for (const part of await Promise.all(names.map((name) => partAt(folder, name)))) {
      const other = parts.get(part.partNumber)
      if (!other || other.lastModified < part.lastModified) parts.set(part.partNumber, part)
    }
    return [...parts.values()].sort((a, b) => a.partNumber - b.partNumber)
  }

  /** Forgets an upload and removes its parts. */
  async end(uploadId: string): Promise<void> {
    await rm(join(this.#folder, uploadId), { recursive: true, force: true })
  }
}

/** The bytes of parts one behind the other. */
export async function* joined(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { path } of parts) yield* createReadStream(path, { highWaterMark: 1024 * 1024 })
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
