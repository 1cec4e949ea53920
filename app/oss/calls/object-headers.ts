import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'

const STORED = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
]
const STORAGE_CLASSES = ['Standard', 'IA', 'Archive', 'ColdArchive', 'DeepColdArchive']
const ACLS = ['default', 'private', 'public-read', 'public-read-write']
const META_BYTES = 8 * 1024

/** What an upload says of its object, by header or by form field. */
export interface ObjectAttributes {
  headers: Record<string, string>
  acl: string
  storageClass: string
  forbidOverwrite: boolean
}

/**
 * Reads what is kept of an upload's headers or fields.
 *
 * @param value Of a header or field, by its lower-case name
 * @param names Every name, lower case
 * @throws OssError for a value that OSS does not know
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
  if (metaBytes > META_BYTES) throw new OssError('metaTooLarge')
  const forbid = value('x-oss-forbid-overwrite') ?? 'false'
  if (forbid !== 'true' && forbid !== 'false') throw new OssError('forbidOverwriteInvalid')
  const encryption = value('x-oss-server-side-encryption')
  if (encryption !== undefined && !['AES256', 'KMS', 'SM4'].includes(encryption)) {
    throw new OssError('encryptionInvalid')
  }
  if (encryption !== undefined) headers['x-oss-server-side-encryption'] = encryption
  const storageClass = value('x-oss-storage-class') ?? 'Standard'
  if (!STORAGE_CLASSES.includes(storageClass)) throw new OssError('storageClassInvalid')
  const acl = value('x-oss-object-acl') ?? 'default'
  return { headers, acl: checkObjectAcl(acl), storageClass, forbidOverwrite: forbid === 'true' }
}

/** @throws OssError unless it is one of the four ACLs of an object */
export function checkObjectAcl(acl: string): string {
  if (ACLS.includes(acl)) return acl
  throw new OssError('objectAclInvalid', {
    details: { ArgumentName: 'x-oss-object-acl', ArgumentValue: acl },
  })
}

/** Headers of every reply that tells of an object. */
export function metaHeaders(meta: ObjectMeta): Record<string, string> {
  return {
    ...meta.headers,
    ETag: `"${meta.etag}"`,
    'Last-Modified': new Date(meta.lastModified).toUTCString(),
    'x-oss-hash-crc64ecma': meta.crc64,
    'x-oss-object-type': meta.type,
    'x-oss-storage-class': meta.storageClass,
  }
}

/** Headers of a reply to an upload. */
export function uploadedHeaders(meta: ObjectMeta, md5Hex: string): Record<string, string> {
  return {
    ETag: `"${meta.etag}"`,
    'x-oss-hash-crc64ecma': meta.crc64,
    'Content-MD5': Buffer.from(md5Hex, 'hex').toString('base64'),
  }
}
