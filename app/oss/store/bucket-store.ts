import { hash, randomUUID } from 'node:crypto'
import {
  createReadStream,
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
import { setImmediate } from 'node:timers/promises'
import { combineCrc64 } from '@oss-direct-upload/crc64/combine'
import { KeyIndex } from './key-index.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { type Listing, type ListQuery, listKeys } from './listing.ts'
import { AppendError, ObjectExistsError, type ObjectMeta, type ObjectTags } from './object-meta.ts'
import { objectPath } from './object-path.ts'
import { type StagedFile, stageFile } from './staged-file.ts'

/** Properties of an object to be stored. */
export interface PutOptions {
  headers: Record<string, string>
  /** @default 'default' */
  acl?: string
  /** @default 'Standard' */
  storageClass?: string
  /** @default false */
  forbidOverwrite?: boolean
  /** @default the MD5 of the bytes */
  etag?: string
  /** @default 'Normal' */
  type?: ObjectMeta['type']
  /** @default none */
  tags?: ObjectTags
  /** Of a symlink. @default none */
  symlinkTarget?: string
  /** Time of the modification. @default now */
  now?: Date
}

/** An opened object. It does not change when its key is overwritten or deleted. */
export interface OpenObject {
  meta: ObjectMeta
  /** @param range First and last byte, both inclusive. @default the whole object */
  stream(range?: { start: number; end: number }): Readable
  /** Must be called unless a stream is read to its end. */
  close(): Promise<void>
}

/**
 * The objects of one bucket: readable files in `folder`, their metadata in `records`.
 *
 * A record is named after the key and the inode of the bytes. It is written before the bytes are
 * renamed to the object's path, so that this rename alone creates or replaces the object: a process
 * killed at any time leaves the old object or the new one.
 *
 * Short file operations are synchronous: they take microseconds, less than handing them to another
 * thread. Slow ones, such as replacing a large file, are asynchronous.
 */
export class BucketStore {
  readonly #folder: string
  readonly #records: string
  readonly #staging: string
  /** Lets one writer at a time change a key. */
  readonly #queue = new KeyedQueue()
  /** Read for the first listing. */
  #index: Promise<KeyIndex> | undefined

  /** Use `open`, which creates the folders. */
  constructor(folder: string, records: string, staging: string) {
    this.#folder = folder
    this.#records = records
    this.#staging = staging
  }

  /** Opens a bucket's folder and removes leftovers of uploads that were cut. */
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

  /** Streams bytes to a file that does not belong to an object yet. See `stageFile`. */
  async stage(source: AsyncIterable<Uint8Array>, maxBytes?: number): Promise<StagedFile> {
    try {
      return await stageFile(this.#staging, source, maxBytes)
    } catch (error) {
      // Somebody has removed the folder: the client's next attempt succeeds.
      if (isMissing(error)) await mkdir(this.#staging, { recursive: true })
      throw error
    }
  }

  /**
   * Makes a staged file an object.
   *
   * @throws ObjectExistsError with `forbidOverwrite`, also for the later of two concurrent calls
   */
  put(key: string, staged: StagedFile, options: PutOptions): Promise<ObjectMeta> {
    return this.#queue.run(key, async () => {
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
        ...(options.tags ? { tags: options.tags } : {}),
        ...(options.symlinkTarget === undefined ? {} : { symlinkTarget: options.symlinkTarget }),
      }
      await inFolder(this.#records, () => {
        writeFileSync(this.#recordPath(key, staged.inode), JSON.stringify(meta))
      })
      await inFolder(dirname(path), () => {
        if (options.forbidOverwrite) return linkNew(staged.path, path, key)
        // Replacing a large file takes a while, as its bytes are freed.
        return before ? rename(staged.path, path) : renameSync(staged.path, path)
      })
      staged.moved()
      if (before) await unlink(before.record).catch(() => {})
      const index = await this.#index
      index?.add(key)
      return meta
    })
  }

  /** @returns undefined when the object does not exist, also when its file was removed by hand */
  async head(key: string): Promise<ObjectMeta | undefined> {
    return this.#find(key)?.meta
  }

  /** @returns undefined when the object does not exist */
  async open(key: string): Promise<OpenObject | undefined> {
    for (let attempt = 0; attempt < 10; attempt += 1) {
      const file = await open(this.#path(key)).catch(() => undefined)
      if (!file) return undefined
      const bytes = await file.stat()
      const meta = bytes.isFile() ? readRecord(this.#recordPath(key, bytes.ino)) : undefined
      if (meta && belongs(meta, key, bytes)) {
        return {
          meta,
          stream: (range = { start: 0, end: Math.max(0, meta.size - 1) }) =>
            file.createReadStream(range),
          close: () => file.close().catch(() => {}),
        }
      }
      await file.close()
      // Tries again when the object was replaced meanwhile; otherwise the file is not an object.
      if (bytes.ino === (await stat(this.#path(key)).catch(() => undefined))?.ino) return undefined
    }
    return undefined
  }

  /**
   * Changes the metadata of an object.
   *
   * @returns whether the object exists
   */
  change(key: string, change: Partial<Pick<ObjectMeta, 'acl' | 'tags'>>): Promise<boolean> {
    return this.#queue.run(key, async () => {
      const found = this.#find(key)
      if (found) this.#replaceRecord(found.record, { ...found.meta, ...change })
      return found !== undefined
    })
  }

  /**
   * Appends a staged file to an appendable object, which is created at position 0. The record is replaced
   * last: until then, and after a kill, the object ends where it ended before.
   *
   * @param position Length that the object must have, in bytes
   * @throws AppendError
   */
  append(
    key: string,
    staged: StagedFile,
    position: number,
    options: PutOptions,
  ): Promise<ObjectMeta> {
    const found = this.#find(key)
    if (!found && position === 0) {
      const etag = appendEtag('', staged.md5)
      return this.put(key, staged, { ...options, etag, type: 'Appendable', forbidOverwrite: true })
    }
    return this.#queue.run(key, async () => {
      const before = this.#find(key)
      if (before?.meta.type !== 'Appendable' || before.meta.size !== position) {
        throw new AppendError(before?.meta)
      }
      await appendFile(this.#path(key), position, staged)
      const meta: ObjectMeta = {
        ...before.meta,
        size: position + staged.size,
        etag: appendEtag(before.meta.etag, staged.md5),
        crc64: String(combineCrc64(BigInt(before.meta.crc64), staged.crc64, staged.size)),
        lastModified: (options.now ?? new Date()).toISOString(),
      }
      this.#replaceRecord(before.record, meta)
      return meta
    })
  }

  /** @returns whether the object existed */
  delete(key: string): Promise<boolean> {
    return this.#queue.run(key, async () => {
      const found = this.#find(key)
      if (!found) return false
      const path = this.#path(key)
      await unlink(path)
      await unlink(found.record).catch(() => {})
      const index = await this.#index
      index?.delete(key)
      await this.#removeEmptyFolders(dirname(path))
      return true
    })
  }

  /** Returns a page of objects in the order of their keys' UTF-8 bytes. */
  async list(query: ListQuery): Promise<Listing> {
    return listKeys(await this.#keys(), (key) => this.head(key), query)
  }

  #keys(): Promise<KeyIndex> {
    this.#index ??= this.#readIndex()
    return this.#index
  }

  async #readIndex(): Promise<KeyIndex> {
    const keys: string[] = []
    for (const [n, name] of (await readdir(this.#records)).entries()) {
      const meta = readRecord(join(this.#records, name))
      if (meta) keys.push(meta.key)
      // Other requests are served meanwhile.
      if (n % 500 === 499) await setImmediate()
    }
    return new KeyIndex(keys)
  }

  #find(key: string, path = this.#path(key)): { meta: ObjectMeta; record: string } | undefined {
    const bytes = statOf(path)
    if (!bytes?.isFile()) return undefined
    const record = this.#recordPath(key, bytes.ino)
    const meta = readRecord(record)
    if (!meta || !belongs(meta, key, bytes)) return undefined
    return { meta, record }
  }

  #path(key: string): string {
    return join(this.#folder, ...objectPath(key))
  }

  #recordPath(key: string, inode: number): string {
    return `${this.#records}${sep}${hash('sha256', key)}-${inode}.json`
  }

  // Atomic, as the object depends on it.
  #replaceRecord(path: string, meta: ObjectMeta): void {
    const temporary = join(this.#staging, randomUUID())
    writeFileSync(temporary, JSON.stringify(meta))
    renameSync(temporary, path)
  }

  async #removeEmptyFolders(from: string): Promise<void> {
    try {
      for (let folder = from; folder !== this.#folder; folder = dirname(folder)) await rmdir(folder)
    } catch {
      // A folder with other objects in it stays.
    }
  }
}

// Bytes that follow an appendable object belong to an append that was cut.
function belongs(meta: ObjectMeta, key: string, { size }: Stats): boolean {
  return (
    meta.key === key && (meta.size === size || (meta.type === 'Appendable' && meta.size < size))
  )
}

// The folder usually exists. A concurrent delete may remove it after it was created.
async function inFolder(folder: string, action: () => void | Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await action()
      return
    } catch (error) {
      if (!isMissing(error) || attempt === 10) throw error
    }
    await mkdir(folder, { recursive: true })
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}

async function appendFile(path: string, position: number, staged: StagedFile): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.truncate(position)
    let at = position
    for await (const chunk of createReadStream(staged.path) as AsyncIterable<Buffer>) {
      for (let done = 0; done < chunk.length; ) {
        done += (await file.write(chunk, done, chunk.length - done, at + done)).bytesWritten
      }
      at += chunk.length
    }
  } finally {
    await file.close()
  }
}

function appendEtag(before: string, md5: string): string {
  return hash('md5', before + md5).toUpperCase()
}

function linkNew(from: string, to: string, key: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new ObjectExistsError(key)
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    // A file system without hard links, such as that of a memory card. The queue keeps others away.
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
