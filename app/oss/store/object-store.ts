import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BucketSettings } from './bucket-settings.ts'
import { BucketStore } from './bucket-store.ts'
import { MultipartStore } from './multipart-store.ts'

/** One bucket: what is set, what is stored, what is being uploaded. */
export interface Bucket {
  settings: BucketSettings
  objects: BucketStore
  uploads: MultipartStore
}

/** Thrown when what is set for a bucket cannot be read. */
export class SettingsError extends Error {
  constructor(path: string, cause: unknown) {
    super(`${path} is broken: restore it, or remove it to make the bucket anew`, { cause })
    this.name = 'SettingsError'
  }
}

/** All buckets of a folder. `FOLDER/BUCKET/` has the readable files, `FOLDER/.oss/` the rest. */
export class ObjectStore {
  readonly root: string
  readonly #buckets = new Map<string, Bucket>()
  #turn: Promise<unknown> = Promise.resolve()

  /** For `open`. */
  constructor(root: string) {
    this.root = root
  }

  /**
   * Opens the folder with the buckets that are in it; makes it when there is none.
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

  /** By name. */
  list(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.settings.name < b.settings.name ? -1 : 1))
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name)
  }

  /** Makes a bucket, or replaces all that is set for the one of that name. */
  save(settings: BucketSettings): Promise<Bucket> {
    return this.#inTurn(async () => {
      await this.#write(settings)
      const bucket = this.#buckets.get(settings.name)
      if (!bucket) return this.#load(settings)
      bucket.settings = settings
      return bucket
    })
  }

  /**
   * Changes what is set for a bucket; changes that come at once are made one after the other. One
   * that is gone by then is not changed.
   */
  change(bucket: Bucket, alter: (settings: BucketSettings) => BucketSettings): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#buckets.get(bucket.settings.name) !== bucket) return
      const settings = alter(bucket.settings)
      await this.#write(settings)
      bucket.settings = settings
    })
  }

  /** Forgets an empty bucket and removes its folders. */
  async remove(name: string): Promise<void> {
    this.#buckets.delete(name)
    await rm(join(this.#settingsFolder, `${name}.json`), { force: true })
    for (const folder of ['records', 'staging', 'uploads']) {
      await rm(join(this.root, '.oss', folder, name), { recursive: true, force: true })
    }
    // Whatever somebody else has put into it stays.
    await rmdir(join(this.root, name)).catch(() => {})
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work)
    this.#turn = done.catch(() => {})
    return done
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
