import { type Call, headerOf, type Reply } from '../call.ts'
import { callbackReply, requestedCallback } from '../callback/callback-request.ts'
import { OssError } from '../errors/oss-error.ts'
import type { PutOptions } from '../store/bucket-store.ts'
import { ObjectExistsError, type ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { type StagedFile, TooLargeError } from '../store/staged-file.ts'
import { type ObjectAttributes, objectAttributes, uploadedHeaders } from './object-headers.ts'
import { forbidsOverwrite } from './overwrite-config.ts'
import { checkDigest, checkHasLength, requestBytes } from './request-body.ts'

/** Largest object, part or file of a form that one request may carry. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3

/** `PUT /key`. Source: "PutObject", Alibaba Cloud OSS documentation. */
export async function putObject(call: Call, bucket: Bucket): Promise<Reply> {
  checkHasLength(call)
  const attributes = requestAttributes(call, bucket)
  const callback = requestedCallback(call)
  const staged = await stageBody(call, bucket)
  try {
    const meta = await storeObject(call, bucket, call.key, staged, attributes)
    reportObject(call, meta, 'PutObject')
    const headers = uploadedHeaders(meta, staged.md5)
    return callbackReply(call, callback, meta, staged.md5, 'PutObject', { status: 200, headers })
  } finally {
    await staged.discard()
  }
}

/** Streams the body of a request to the disk and checks its Content-MD5. @throws OssError */
export async function stageBody(call: Call, bucket: Bucket): Promise<StagedFile> {
  const length = Number(headerOf(call, 'content-length') ?? 0)
  if (length > MAX_OBJECT_BYTES) throw new OssError('entityTooLarge')
  const staged = await stageObject(bucket, requestBytes(call))
  try {
    checkDigest(call, staged.md5)
    return staged
  } catch (error) {
    await staged.discard()
    throw error
  }
}

/** Streams bytes to the disk. @param maxBytes @default 5 GB @throws OssError EntityTooLarge */
export async function stageObject(
  bucket: Bucket,
  source: AsyncIterable<Uint8Array>,
  maxBytes: number = MAX_OBJECT_BYTES,
): Promise<StagedFile> {
  try {
    return await bucket.objects.stage(source, Math.min(maxBytes, MAX_OBJECT_BYTES))
  } catch (error) {
    throw error instanceof TooLargeError ? new OssError('entityTooLarge') : error
  }
}

/** Makes a staged file an object. @throws OssError FileAlreadyExists */
export async function storeObject(
  call: Call,
  bucket: Bucket,
  key: string,
  staged: StagedFile,
  attributes: ObjectAttributes,
  kind: Pick<PutOptions, 'etag' | 'type' | 'symlinkTarget'> = {},
): Promise<ObjectMeta> {
  const forbidOverwrite = attributes.forbidOverwrite || forbidsOverwrite(call, bucket, key)
  const options = { ...attributes, ...kind, forbidOverwrite, now: call.now }
  try {
    return await bucket.objects.put(key, staged, options)
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error
    throw new OssError('fileAlreadyExists', { details: { Key: key } })
  }
}

/** Calls `onObject` for a stored object. */
export function reportObject(
  { service, bucketName: bucket, requestId }: Call,
  { key, size }: ObjectMeta,
  operation: Parameters<Call['service']['onObject']>[0]['operation'],
): void {
  service.onObject({ bucket, key, size, operation, requestId })
}

/** Returns the attributes of an object from the headers of its request. @throws OssError */
export function requestAttributes(call: Call, bucket: Bucket): ObjectAttributes {
  const attributes = objectAttributes(
    (name) => headerOf(call, name),
    Object.keys(call.request.headers),
  )
  checkPublicAcl(attributes.acl, bucket)
  return attributes
}

/** @throws OssError for a public ACL in a bucket that blocks public access */
export function checkPublicAcl(acl: string, bucket: Bucket): void {
  if (acl.startsWith('public') && bucket.settings.blockPublicAccess) {
    throw new OssError('publicAclForbidden')
  }
}
