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
  type: 'Normal' | 'Multipart'
  /** Lower-case names: content-type, cache-control, x-oss-meta-* and so on. */
  headers: Record<string, string>
  storageClass: string
  acl: string
}

/** Thrown instead of overwriting an object that must not be overwritten. */
export class ObjectExistsError extends Error {
  constructor(key: string) {
    super(`The object "${key}" already exists`)
    this.name = 'ObjectExistsError'
  }
}
