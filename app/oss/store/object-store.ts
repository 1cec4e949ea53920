import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BucketSettings } from './bucket-settings.ts'
import { BucketStore } from './bucket-store.ts'
import { KeyedQueue } from './keyed-queue.ts'
import { MultipartStore } from './multipart-store.ts'

/** One bucket: its settings, its objects, its multipart uploads. */
export interface Bucket {
  settings: BucketSettings
  objects: BucketStore
  uploads: MultipartStore
}

/** Thrown when the settings of a bucket cannot be read. */
export class SettingsError extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} is damaged. Restore it, or remove it to create the bucket again`, { cause })
    this.name = 'SettingsError'
  }
}

/** All buckets of a folder. `FOLDER/BUCKET/` has the readable files, `FOLDER/.oss/` everything else. */
export class ObjectStore {
  readonly root: string
  readonly #buckets = new Map<string, Bucket>()
  readonly #queue = new KeyedQueue()

  /** Use `open`, which reads the buckets. */
  constructor(root: string) {
    this.root = root
  }

  /**
   * Opens a folder with the buckets in it. Creates the folder when it does not exist.
   *
   * @throws SettingsError
   */
  static async open(root: string): Promise<ObjectStore> {
    const store = new ObjectStore(root)
    await mkdir(store.#settingsFolder, { recursive: true })
    for (const name of await readdir(store.#settingsFolder)) {
      if (!name.endsWith('.json')) continue
      await store.#load(await readSettings(join(store.#settingsFolder, name)))
    }
    return store
  }

  /** Returns all buckets by name. */
  list(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1))
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name)
  }

  /** Creates a bucket, or replaces all settings of an existing one. */
  save(settings: BucketSettings): Promise<Bucket> {
    return this.#queue.run(settings.name, async () => {
      await this.#write(settings)
      const bucket = this.#buckets.get(settings.name)
      if (!bucket) return this.#load(settings)
      bucket.settings = settings
      return bucket
    })
  }

  /** Changes settings of a bucket, one change after the other. Ignores a bucket that was removed. */
  change(bucket: Bucket, alter: (settings: BucketSettings) => BucketSettings): Promise<void> {
    return this.#queue.run(bucket.settings.name, async () => {
      if (this.#buckets.get(bucket.settings.name) !== bucket) return
      const settings = alter(bucket.settings)
      await this.#write(settings)
      bucket.settings = settings
    })
  }

  /** Removes an empty bucket with its folders. */
  async remove(name: string): Promise<void> {
    this.#buckets.delete(name)
    await rm(join(this.#settingsFolder, `${name}.json`), { force: true })
    for (const folder of ['records', 'staging', 'uploads']) {
      await rm(join(this.root, '.oss', folder, name), { recursive: true, force: true })
    }
    // Files that somebody else has put there stay.
    await rmdir(join(this.root, name)).catch(() => {})
  }

  async #write(settings: BucketSettings): Promise<void> {
    const temporary = join(this.root, '.oss', `${randomUUID()}.tmp`)
    await writeFile(temporary, JSON.stringify(settings), { flush: true })
    await rename(temporary, join(this.#settingsFolder, `${settings.name}.json`))
  }

  get #settingsFolder(): string {
    return join(this.root, '.oss', 'buckets')
  }

  async #load(settings: BucketSettings): Promise<Bucket> {
    const objects = await BucketStore.open(this.root, settings.name)
    const uploads = new MultipartStore(join(this.root, '.oss', 'uploads', settings.name))
    const bucket = { settings, objects, uploads }
    this.#buckets.set(settings.name, bucket)
    return bucket
  }
}

async function readSettings(path: string): Promise<BucketSettings> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text) as BucketSettings
  } catch (cause) {
    throw new SettingsError(path, cause)
  }
}
