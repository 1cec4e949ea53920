import { memoryStorage } from './memory-storage.ts'
import type { StoredPart } from './presigned-request.ts'

/** An upload that was begun, as it is kept until it has ended. */
export interface ResumeRecord {
  serverUrl: string
  name: string
  type: string
  /** Bytes. */
  size: number
  /** When the file was changed last, in milliseconds. */
  lastModified: number
  key: string
  token: string
  partSize: number
  uploadId: string
  /** When the token ends, in unix seconds. */
  expires: number
  /** Whether the key was chosen beside an object of the file's own name. */
  renamed: boolean
  /** Whether the bucket has been asked to complete it. */
  completing: boolean
}

/** What tells a file from others without reading it. */
export type FileIdentity = Pick<
  ResumeRecord,
  'serverUrl' | 'name' | 'type' | 'size' | 'lastModified'
>

/** The part of Storage that is used: localStorage, or a stand-in for it. */
export type RecordStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const PREFIX = 'upload:'

/** A text for one file and one server. */
export function fingerprint(file: FileIdentity): string {
  const { serverUrl, name, type, size, lastModified } = file
  return JSON.stringify([serverUrl, name, type, size, lastModified])
}

/**
 * Uploads that can be gone on with, each part an entry of its own: writing one does not write the
 * others again.
 */
export class ResumeStore {
  readonly #storage: RecordStorage

  constructor(storage: RecordStorage) {
    this.#storage = storage
  }

  /** Every one that was begun at a server; those that are too old to go on are forgotten. */
  list(serverUrl: string, now: number = Date.now() / 1000): ResumeRecord[] {
    const records = this.#keys(PREFIX)
      .filter((key) => key.endsWith(']'))
      .map((key) => this.find(key.slice(PREFIX.length)))
      .filter((record) => record !== undefined)
      .filter((record) => record.serverUrl === serverUrl)
    for (const old of records) if (old.expires <= now) this.remove(fingerprint(old))
    return records.filter((record) => record.expires > now)
  }

  find(id: string): ResumeRecord | undefined {
    try {
      const record: unknown = JSON.parse(this.#storage.getItem(PREFIX + id) ?? 'null')
      return isRecord(record) && fingerprint(record) === id ? record : undefined
    } catch {
      return undefined
    }
  }

  /** Begins anew: what was known of earlier parts is gone. */
  begin(record: ResumeRecord): void {
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
      const number = key.slice(PREFIX.length + id.length)
      const [, size, crc64, etag] =
        /^(\d+) (\d+) (.+)$/.exec(this.#storage.getItem(key) ?? '') ?? []
      if (number === '' || size === undefined || !crc64 || !etag) return []
      return [{ partNumber: Number(number), size: Number(size), crc64, etag }]
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
      // A full storage costs no more than what could have been gone on with.
    }
  }
}

/** The records of this browser; where it blocks storage, they last as long as the page. */
export function browserResumeStore(): ResumeStore {
  try {
    return new ResumeStore(localStorage)
  } catch {
    return new ResumeStore(memoryStorage())
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
