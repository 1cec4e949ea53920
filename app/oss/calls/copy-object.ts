import type { Readable } from 'node:stream'
import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { OpenObject } from '../store/bucket-store.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { findUpload, partNumberOf, storePart } from './multipart-upload.ts'
import { reportObject, requestAttributes, storeObject } from './put-object.ts'
import { xmlReply } from './xml-reply.ts'

/** `PUT /key` with x-oss-copy-source. Source: "CopyObject", Alibaba Cloud OSS documentation. */
export async function copyObject(call: Call, bucket: Bucket): Promise<Reply> {
  const directive = headerOf(call, 'x-oss-metadata-directive') ?? 'COPY'
  if (directive !== 'COPY' && directive !== 'REPLACE') {
    throw new OssError('invalidArgument', {
      message: 'The x-oss-metadata-directive must be COPY or REPLACE.',
    })
  }
  const requested = requestAttributes(call, bucket)
  const source = await openSource(call)
  const attributes =
    directive === 'COPY' ? { ...requested, headers: source.meta.headers } : requested
  const staged = await bucket.objects.stage(source.stream())
  try {
    const meta = await storeObject(call, bucket, call.key, staged, attributes)
    reportObject(call, meta, 'CopyObject')
    return copied('CopyObjectResult', meta.lastModified, meta.etag, meta.crc64)
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
  const part = await storePart(call, bucket, uploadId, partNumber, staged)
  return copied('CopyPartResult', part.lastModified, part.etag, part.crc64)
}

function copied(root: string, lastModified: string, etag: string, crc64: string): Reply {
  const elements = [xml('LastModified', lastModified), xml('ETag', `"${etag}"`)]
  const reply = xmlReply(xml(root, elements))
  return { ...reply, headers: { ...reply.headers, 'x-oss-hash-crc64ecma': crc64 } }
}

async function openSource(call: Call): Promise<OpenObject> {
  let source = ''
  try {
    source = decodeURIComponent(headerOf(call, 'x-oss-copy-source') ?? '')
  } catch {
    // Refused below.
  }
  const parts = /^\/?([a-z0-9-]+)\/([\s\S]+)$/.exec(source)
  if (!parts) {
    throw new OssError('invalidArgument', { message: 'Copy Source must be /bucket/object.' })
  }
  const [, name = '', key = ''] = parts
  const bucket = call.service.store.find(name)
  if (!bucket) throw new OssError('noSuchBucket', { details: { BucketName: name } })
  await call.service.authoriseRead(call, bucket, key)
  const found = await bucket.objects.open(key)
  if (!found) throw new OssError('noSuchKey', { details: { Key: key } })
  return found
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
