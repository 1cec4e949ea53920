/** Metadata of an object. */
export interface ObjectMeta {
  key: string
  /** Bytes. */
  size: number
  /** Upper-case hex, without quotes. */
  etag: string
  /** Unsigned decimal. */
  crc64: string
  /** ISO 8601. */
  lastModified: string
  type: 'Normal' | 'Multipart' | 'Appendable' | 'Symlink'
  /** Lower-case names: content-type, cache-control, x-oss-meta-* and so on. */
  headers: Record<string, string>
  storageClass: string
  acl: string
  /** @default none */
  tags?: ObjectTags
  /** Key that a symlink points to. */
  symlinkTarget?: string
}

/** Tags of an object, by key. */
export type ObjectTags = Readonly<Record<string, string>>

/** Thrown when bytes cannot be appended to an object. */
export class AppendError extends Error {
  /** The object that is not appendable, or has another length. */
  readonly meta: ObjectMeta | undefined

  constructor(meta: ObjectMeta | undefined) {
    super('The object is not appendable at this position')
    this.name = 'AppendError'
    this.meta = meta
  }
}

/** Thrown instead of overwriting an object that must not be overwritten. */
export class ObjectExistsError extends Error {
  constructor(key: string) {
    super(`The object "${key}" already exists`)
    this.name = 'ObjectExistsError'
  }
}
