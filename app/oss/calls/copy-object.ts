import type { Readable } from 'node:stream'
import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { OpenObject } from '../store/bucket-store.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { checkPreconditions } from './conditions.ts'
import { findUpload, partNumberOf, storePart } from './multipart-upload.ts'
import type { ObjectAttributes } from './object-headers.ts'
import { reportObject, requestAttributes, storeObject } from './put-object.ts'
import { xmlReply, xmlTime } from './xml-reply.ts'

/** `PUT /key` with x-oss-copy-source. Source: "CopyObject", Alibaba Cloud OSS documentation. */
export async function copyObject(call: Call, bucket: Bucket): Promise<Reply> {
  const replacesMeta = isReplaced(call, 'x-oss-metadata-directive')
  const replacesTags = isReplaced(call, 'x-oss-tagging-directive')
  const { headers, tags, ...requested } = requestAttributes(call, bucket)
  const source = await openSource(call)
  const copiedTags = replacesTags ? tags : source.meta.tags
  const attributes: ObjectAttributes = {
    ...requested,
    headers: replacesMeta ? headers : source.meta.headers,
    ...(copiedTags ? { tags: copiedTags } : {}),
  }
  const staged = await bucket.objects.stage(source.stream())
  try {
    const meta = await storeObject(call, bucket, call.key, staged, attributes)
    reportObject(call, meta, 'CopyObject')
    return copyReply('CopyObjectResult', meta)
  } finally {
    await staged.discard()
  }
}

/** `PUT /key?partNumber=N&uploadId=U` with x-oss-copy-source. */
export async function uploadPartCopy(call: Call, bucket: Bucket): Promise<Reply> {
  const partNumber = partNumberOf(call)
  const { uploadId } = await findUpload(call, bucket)
  const source = await openSource(call)
  const staged = await bucket.objects.stage(await sourceRange(call, source))
  return copyReply('CopyPartResult', await storePart(call, bucket, uploadId, partNumber, staged))
}

// The SDKs for Python and Node read the ETag from the header.
function copyReply(
  root: string,
  { lastModified, etag, crc64 }: { lastModified: string; etag: string; crc64: string },
): Reply {
  const ETag = `"${etag}"`
  const elements = [xml('LastModified', xmlTime(lastModified)), xml('ETag', ETag)]
  const reply = xmlReply(xml(root, elements))
  return { ...reply, headers: { ...reply.headers, ETag, 'x-oss-hash-crc64ecma': crc64 } }
}

function isReplaced(call: Call, header: string): boolean {
  const directive = (headerOf(call, header) ?? 'COPY').toUpperCase()
  if (directive === 'COPY' || directive === 'REPLACE') return directive === 'REPLACE'
  throw new OssError('invalidArgument', { message: `The ${header} must be COPY or REPLACE.` })
}

async function openSource(call: Call): Promise<OpenObject> {
  const { bucket: name, key } = readSource(headerOf(call, 'x-oss-copy-source') ?? '')
  const bucket = call.service.store.find(name)
  if (!bucket) throw new OssError('noSuchBucket', { details: { BucketName: name } })
  await call.service.authoriseRead(call, bucket, key)
  const source = await bucket.objects.open(key)
  if (!source) throw new OssError('noSuchKey', { details: { Key: key } })
  try {
    if (!checkPreconditions(call, source.meta, 'x-oss-copy-source-')) return source
  } catch (error) {
    await source.close()
    throw error
  }
  await source.close()
  throw new OssError('copySourceUnchanged')
}

// Some clients encode the header like a form, with "+" for a space.
function readSource(header: string): { bucket: string; key: string } {
  let source = ''
  try {
    source = decodeURIComponent(header.replaceAll('+', ' '))
  } catch {
    // Refused below.
  }
  const [, bucket = '', key = ''] = /^\/?([a-z0-9-]+)\/([\s\S]+)$/.exec(source) ?? []
  if (key !== '') return { bucket, key }
  throw new OssError('invalidArgument', { message: 'Copy Source must be /bucket/object.' })
}

async function sourceRange(call: Call, source: OpenObject): Promise<Readable> {
  const header = headerOf(call, 'x-oss-copy-source-range')
  if (header === undefined) return source.stream()
  const parts = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(header)
  const [start, end] = [Number(parts?.[1]), Number(parts?.[2])]
  if (parts && start <= end && end < source.meta.size) return source.stream({ start, end })
  await source.close()
  throw new OssError('invalidRange', { details: { RangeRequested: header } })
}
