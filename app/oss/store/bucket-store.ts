import { hash, randomUUID } from 'node:crypto'
import {
  linkSync,
  readFileSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import type { Readable } from 'node:stream'
import { KeyIndex } from './key-index.ts'
import { type Listing, type ListQuery, listKeys } from './listing.ts'
import { ObjectExistsError, type ObjectMeta } from './object-meta.ts'
import { objectPath } from './object-path.ts'
import { type StagedFile, stageFile } from './staged-file.ts'

/** What an object is given beside its bytes. */
export interface PutOptions {
  headers: Record<string, string>
  /** @default 'default' */
  acl?: string
  /** @default 'Standard' */
  storageClass?: string
  /** @default false */
  forbidOverwrite?: boolean
  /** @default the MD5 */
  etag?: string
  /** @default 'Normal' */
  type?: ObjectMeta['type']
  /** Clock. @default the system's */
  now?: Date
}

/** An object that stays as it was when it was opened, whatever becomes of its key. */
export interface OpenObject {
  meta: ObjectMeta
  /** @param range First and last byte, both inclusive. @default the whole object */
  stream(range?: { start: number; end: number }): Readable
  /** To be called when no stream was read to its end. */
  close(): Promise<void>
}

/**
 * The objects of one bucket: readable files in `folder`, what is known about them in `records`.
 *
 * A record is named after the key and the inode of the bytes, and is written before the bytes get
 * their name. That one rename makes the object appear, or replaces it, as a whole: a process killed
 * at any time leaves the object before or the object after.
 *
 * Names and records are looked up, made and written at once: the system does each in microseconds,
 * a fraction of what it takes to have another thread do it. What takes long, as to free a large
 * file, is left to other threads.
 */
export class BucketStore {
  readonly #folder: string
  readonly #records: string
  readonly #staging: string
  /** One writer at a time for a key: the tail of its queue. */
  readonly #writers = new Map<string, Promise<unknown>>()
  /** Read when first listed. */
  #index: Promise<KeyIndex> | undefined

  /** For `open`; it prepares the folders. */
  constructor(folder: string, records: string, staging: string) {
    this.#folder = folder
    this.#records = records
    this.#staging = staging
  }

  /** Opens a bucket's folder and removes what uploads that never ended have left. */
  static async open(root: string, name: string): Promise<BucketStore> {
    const [folder, records, staging] = [
      join(root, name),
      join(root, '.oss', 'records', name),
      join(root, '.oss', 'staging', name),
    ]
    await rm(staging, { recursive: true, force: true })
    for (const path of [folder, records, staging]) await mkdir(path, { recursive: true })
    return new BucketStore(folder, records, staging)
  }

  /** Streams bytes to the disk, still belonging to no object. See stageFile for errors. */
  stage(source: AsyncIterable<Uint8Array>, max?: number): Promise<StagedFile> {
    return stageFile(this.#staging, source, max)
  }

  /**
   * Makes staged bytes an object.
   *
   * @throws ObjectExistsError with `forbidOverwrite`, also when two do so at the same time
   */
  put(key: string, staged: StagedFile, options: PutOptions): Promise<ObjectMeta> {
    return this.#exclusively(key, async () => {
      const path = this.#path(key)
      const before = this.#find(key, path)
      if (options.forbidOverwrite && before) throw new ObjectExistsError(key)
      const meta: ObjectMeta = {
        key,
        size: staged.size,
        etag: options.etag ?? staged.md5,
        crc64: String(staged.crc64),
        lastModified: (options.now ?? new Date()).toISOString(),
        type: options.type ?? 'Normal',
        headers: options.headers,
        storageClass: options.storageClass ?? 'Standard',
        acl: options.acl ?? 'default',
      }
      writeFileSync(this.#recordPath(key, staged.inode), JSON.stringify(meta))
      await inFolder(dirname(path), () => {
        if (options.forbidOverwrite) return linkNew(staged.path, path, key)
        // It may take a while to free what is replaced.
        return before ? rename(staged.path, path) : renameSync(staged.path, path)
      })
      staged.moved()
      if (before) await unlink(before.record).catch(() => {})
      const index = await this.#index
      index?.add(key)
      return meta
    })
  }

  /** @returns undefined when there is no such object, also when its file was removed by hand */
  async head(key: string): Promise<ObjectMeta | undefined> {
    return this.#find(key)?.meta
  }

  /** @returns undefined when there is no such object */
  async open(key: string): Promise<OpenObject | undefined> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const file = await open(this.#path(key)).catch(() => undefined)
      if (!file) return undefined
      const bytes = await file.stat()
      const meta = bytes.isFile() ? readRecord(this.#recordPath(key, bytes.ino)) : undefined
      if (meta?.key === key && meta.size === bytes.size) {
        return {
          meta,
          stream: (range = { start: 0, end: Math.max(0, meta.size - 1) }) =>
            file.createReadStream(range),
          close: () => file.close().catch(() => {}),
        }
      }
      await file.close()
      // Replaced between the two looks; else a file that is no object.
      if (bytes.ino === (await stat(this.#path(key)).catch(() => undefined))?.ino) return undefined
    }
    return undefined
  }

  /** @returns whether there is such an object */
  setAcl(key: string, acl: string): Promise<boolean> {
    return this.#exclusively(key, async () => {
      const found = this.#find(key)
      if (found) await this.#replaceRecord(found.record, { ...found.meta, acl })
      return found !== undefined
    })
  }

  /** @returns whether there was such an object */
  delete(key: string): Promise<boolean> {
    return this.#exclusively(key, async () => {
      const found = this.#find(key)
      if (!found) return false
      const path = this.#path(key)
      await unlink(path)
      await unlink(found.record).catch(() => {})
      const index = await this.#index
      index?.delete(key)
      for (let folder = dirname(path); folder !== this.#folder; folder = dirname(folder)) {
        if (
          !(await rmdir(folder).then(
            () => true,
            () => false,
          ))
        )
          break
      }
      return true
    })
  }

  /**
   * A page of objects by the order of the keys' UTF-8 bytes.
   */
  async list(query: ListQuery): Promise<Listing> {
    return listKeys(await this.#keys(), (key) => this.head(key), query)
  }

  #keys(): Promise<KeyIndex> {
    this.#index ??= readdir(this.#records).then(async (names) => {
      const keys: string[] = []
      for (const name of names) {
        const meta = readRecord(join(this.#records, name))
        if (meta) keys.push(meta.key)
      }
      return new KeyIndex(keys)
    })
    return this.#index
  }

  #find(key: string, path = this.#path(key)): { meta: ObjectMeta; record: string } | undefined {
    const bytes = statOf(path)
    if (!bytes?.isFile()) return undefined
    const record = this.#recordPath(key, bytes.ino)
    const meta = readRecord(record)
    if (meta?.key !== key || meta.size !== bytes.size) return undefined
    return { meta, record }
  }

  #path(key: string): string {
    return join(this.#folder, ...objectPath(key))
  }

  #recordPath(key: string, inode: number): string {
    return `${this.#records}${sep}${hash('sha256', key)}-${inode}.json`
  }

  // As a whole or not at all, as there is an object that it belongs to.
  async #replaceRecord(path: string, meta: ObjectMeta): Promise<void> {
    const temporary = join(this.#staging, randomUUID())
    writeFileSync(temporary, JSON.stringify(meta))
    renameSync(temporary, path)
  }

  async #exclusively<T>(key: string, action: () => Promise<T>): Promise<T> {
    const before = this.#writers.get(key) ?? Promise.resolve()
    const mine = before.then(action, action)
    this.#writers.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#writers.get(key) === mine) this.#writers.delete(key)
    }
  }
}

// Mostly it is there; a delete next door may remove it between its making and its use.
async function inFolder(folder: string, action: () => void | Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || attempt === 10) throw error
    }
    await mkdir(folder, { recursive: true })
  }
}

function linkNew(from: string, to: string, key: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new ObjectExistsError(key)
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    // A file system without links, such as that of a memory card. No other writer is at this key.
    if (statOf(to)) throw new ObjectExistsError(key)
    renameSync(from, to)
    return
  }
  unlinkSync(from)
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

function readRecord(path: string): ObjectMeta | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ObjectMeta
  } catch {
    return undefined
  }
}
