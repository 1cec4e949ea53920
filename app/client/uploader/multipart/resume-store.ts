import { memoryStorage } from './memory-storage.ts'
import type { StoredPart } from './part-list.ts'
import type { RecordStorage } from './record-storage.ts'

/** What is needed to resume an upload. */
export interface ResumeRecord {
  serverUrl: string
  name: string
  type: string
  /** Bytes. */
  size: number
  /** Modification time of the file in unix milliseconds. */
  lastModified: number
  key: string
  token: string
  partSize: number
  uploadId: string
  /** When the token expires, in unix seconds. */
  expires: number
  /** Whether the key differs from the file's name because that was taken. */
  renamed: boolean
  /** Whether completion has been requested. */
  completing: boolean
}

/** What identifies a file without reading it. */
export type FileIdentity = Pick<
  ResumeRecord,
  'serverUrl' | 'name' | 'type' | 'size' | 'lastModified'
>

const PREFIX = 'upload:'

/** Returns the id of the record for one file and one server. */
export function fingerprint(file: FileIdentity): string {
  const { serverUrl, name, type, size, lastModified } = file
  return JSON.stringify([serverUrl, name, type, size, lastModified])
}

/**
 * Uploads that can be resumed. Each part has its own entry, so that storing one does not rewrite
 * the others. A full storage only means that less can be resumed.
 */
export class ResumeStore {
  readonly #storage: RecordStorage

  constructor(storage: RecordStorage) {
    this.#storage = storage
  }

  /** Returns the uploads to one server and removes those that have expired. */
  list(serverUrl: string, nowSeconds: number = Date.now() / 1000): ResumeRecord[] {
    const records = this.#keys(PREFIX)
      .filter((key) => key.endsWith(']'))
      .map((key) => this.find(key.slice(PREFIX.length)))
      .filter((record) => record !== undefined)
      .filter((record) => record.serverUrl === serverUrl)
    for (const record of records) {
      if (record.expires <= nowSeconds) this.remove(fingerprint(record))
    }
    return records.filter((record) => record.expires > nowSeconds)
  }

  find(id: string): ResumeRecord | undefined {
    try {
      const record: unknown = JSON.parse(this.#storage.getItem(PREFIX + id) ?? 'null')
      return isRecord(record) && fingerprint(record) === id ? record : undefined
    } catch {
      return undefined
    }
  }

  /** Stores a new upload in place of an older one of the same file. */
  create(record: ResumeRecord): void {
    this.remove(fingerprint(record))
    this.update(record)
  }

  update(record: ResumeRecord): void {
    this.#write(PREFIX + fingerprint(record), JSON.stringify(record))
  }

  addPart(id: string, { partNumber, etag, crc64, size }: StoredPart): void {
    this.#write(`${PREFIX}${id}${partNumber}`, `${size} ${crc64} ${etag}`)
  }

  parts(id: string): StoredPart[] {
    return this.#keys(PREFIX + id).flatMap((key) => {
      const partNumber = key.slice(PREFIX.length + id.length)
      const [, size, crc64, etag] =
        /^(\d+) (\d+) (.+)$/.exec(this.#storage.getItem(key) ?? '') ?? []
      if (partNumber === '' || size === undefined || !crc64 || !etag) return []
      return [{ partNumber: Number(partNumber), size: Number(size), crc64, etag }]
    })
  }

  remove(id: string): void {
    for (const key of this.#keys(PREFIX + id)) this.#storage.removeItem(key)
  }

  #keys(prefix: string): string[] {
    const storage = this.#storage
    return Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? '').filter((key) =>
      key.startsWith(prefix),
    )
  }

  #write(key: string, value: string): void {
    try {
      this.#storage.setItem(key, value)
    } catch {
      // The storage is full.
    }
  }
}

let browserStore: ResumeStore | undefined

/** Returns the page's store; where storage is blocked, one that lasts as long as the page. */
export function browserResumeStore(): ResumeStore {
  browserStore ??= new ResumeStore(browserStorage())
  return browserStore
}

function browserStorage(): RecordStorage {
  try {
    // Browsers that block storage throw at the first or the second access, or have `null` here.
    localStorage.getItem(PREFIX)
    return localStorage
  } catch {
    return memoryStorage()
  }
}

function isRecord(value: unknown): value is ResumeRecord {
  if (typeof value !== 'object' || value === null) return false
  const { serverUrl, key, token, partSize, uploadId, expires } = value as Partial<ResumeRecord>
  return (
    [serverUrl, key, token, uploadId].every((text) => typeof text === 'string' && text !== '') &&
    typeof partSize === 'number' &&
    partSize > 0 &&
    typeof expires === 'number'
  )
}
