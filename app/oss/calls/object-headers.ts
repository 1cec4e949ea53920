import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta, ObjectTags } from '../store/object-meta.ts'
import { parseTagHeader } from './tags.ts'

/** Headers that are stored as they are. */
const STORED = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
]
const STORAGE_CLASSES = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']
const ACLS = ['default', 'private', 'public-read', 'public-read-write']
const MAX_META_BYTES = 8 * 1024

/** Attributes of an object, from headers or form fields. */
export interface ObjectAttributes {
  headers: Record<string, string>
  acl: string
  storageClass: string
  forbidOverwrite: boolean
  tags?: ObjectTags
}

/**
 * Reads the attributes of an object.
 *
 * @param value Returns the value of a header or field by its lower-case name
 * @param names All lower-case names
 * @throws OssError for a value that OSS refuses
 */
export function objectAttributes(
  value: (name: string) => string | undefined,
  names: Iterable<string>,
): ObjectAttributes {
  const headers: Record<string, string> = {
    'content-type': value('content-type') || 'application/octet-stream',
  }
  let metaBytes = 0
  for (const name of names) {
    const text = value(name)
    if (text === undefined) continue
    if (STORED.includes(name)) headers[name] = text
    if (name.startsWith('x-oss-meta-')) {
      metaBytes += Buffer.byteLength(name) + Buffer.byteLength(text)
      headers[name] = text
    }
  }
  if (metaBytes > MAX_META_BYTES) throw new OssError('metaTooLarge')
  const forbid = value('x-oss-forbid-overwrite') ?? 'false'
  if (forbid !== 'true' && forbid !== 'false') throw new OssError('forbidOverwriteInvalid')
  const encryption = value('x-oss-server-side-encryption')
  if (encryption !== undefined && !['AES256', 'KMS', 'SM4'].includes(encryption)) {
    throw new OssError('encryptionInvalid')
  }
  if (encryption !== undefined) headers['x-oss-server-side-encryption'] = encryption
  const storageClass = checkStorageClass(value('x-oss-storage-class'))
  const acl = value('x-oss-object-acl') ?? 'default'
  const tags = value('x-oss-tagging')
  return {
    headers,
    acl: checkObjectAcl(acl),
    storageClass,
    forbidOverwrite: forbid === 'true',
    ...(tags === undefined ? {} : { tags: parseTagHeader(tags) }),
  }
}

/** Returns the ACL of an object. @throws OssError for an unknown one */
export function checkObjectAcl(acl: string): string {
  if (ACLS.includes(acl)) return acl
  throw new OssError('objectAclInvalid', {
    details: { ArgumentName: 'x-oss-object-acl', ArgumentValue: acl },
  })
}

/** Returns the storage class, Standard by default. @throws OssError for an unknown one */
export function checkStorageClass(storageClass = 'Standard'): string {
  if (STORAGE_CLASSES.includes(storageClass)) return storageClass
  throw new OssError('storageClassInvalid')
}

/** Returns the headers of GetObject and HeadObject. */
export function metaHeaders(meta: ObjectMeta) {
  return {
    ...meta.headers,
    ETag: `"${meta.etag}"`,
    'Last-Modified': new Date(meta.lastModified).toUTCString(),
    'x-oss-hash-crc64ecma': meta.crc64,
    'x-oss-object-type': meta.type,
    'x-oss-storage-class': meta.storageClass,
    ...(Object.keys(meta.tags ?? {}).length > 0
      ? { 'x-oss-tagging-count': String(Object.keys(meta.tags ?? {}).length) }
      : {}),
    ...(meta.type === 'Appendable' ? { 'x-oss-next-append-position': String(meta.size) } : {}),
  }
}

/** Returns the headers of the response to an upload. */
export function uploadedHeaders(meta: ObjectMeta, md5Hex: string): Record<string, string> {
  return {
    ETag: `"${meta.etag}"`,
    'x-oss-hash-crc64ecma': meta.crc64,
    'Content-MD5': Buffer.from(md5Hex, 'hex').toString('base64'),
  }
}
