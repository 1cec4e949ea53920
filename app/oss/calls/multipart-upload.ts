import { type Call, headerOf, type Reply } from '../call.ts'
import { callbackReply, requestedCallback } from '../callback/callback-request.ts'
import { OssError } from '../errors/oss-error.ts'
import type { MultipartUpload } from '../store/multipart-store.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { multipartEtag, type Part } from '../store/part.ts'
import { PartsChosenError } from '../store/part-assembly.ts'
import type { StagedFile } from '../store/staged-file.ts'
import { childText, parseXml } from '../xml/parse-xml.ts'
import { xml } from '../xml/render-xml.ts'
import { keyEncoding } from './list-parameters.ts'
import { forbidsOverwrite } from './overwrite-config.ts'
import { reportObject, requestAttributes, stageBody, storeObject } from './put-object.ts'
import { checkHasLength, readDocument } from './request-body.ts'
import { xmlReply } from './xml-reply.ts'

const MAX_PARTS = 10_000
const MIN_PART_BYTES = 100 * 1024

/** `POST /key?uploads`. Source: "InitiateMultipartUpload", Alibaba Cloud OSS documentation. */
export async function initiateMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const { text, element } = keyEncoding(call)
  const attributes = requestAttributes(call, bucket)
  const initiated = call.now.toISOString()
  const { uploadId } = await bucket.uploads.initiate({ ...attributes, key: call.key, initiated })
  return xmlReply(
    xml('InitiateMultipartUploadResult', [
      ...element,
      xml('Bucket', bucket.settings.name),
      xml('Key', text(call.key)),
      xml('UploadId', uploadId),
    ]),
  )
}

/** `PUT /key?partNumber=N&uploadId=U`. Source: "UploadPart", Alibaba Cloud OSS documentation. */
export async function uploadPart(call: Call, bucket: Bucket): Promise<Reply> {
  checkHasLength(call)
  const partNumber = partNumberOf(call)
  const { uploadId } = await findUpload(call, bucket)
  const staged = await stageBody(call, bucket)
  const part = await storePart(call, bucket, uploadId, partNumber, staged)
  return {
    status: 200,
    headers: {
      ETag: `"${part.etag}"`,
      'x-oss-hash-crc64ecma': part.crc64,
      'Content-MD5': Buffer.from(part.etag, 'hex').toString('base64'),
    },
  }
}

/** Makes a staged file a part. @throws OssError when the upload has ended meanwhile */
export async function storePart(
  call: Call,
  bucket: Bucket,
  uploadId: string,
  partNumber: number,
  staged: StagedFile,
): Promise<Part> {
  try {
    return await bucket.uploads.exclusively(uploadId, async () => {
      await findUpload(call, bucket)
      return bucket.uploads.putPart(uploadId, partNumber, staged)
    })
  } finally {
    await staged.discard()
  }
}

/** `POST /key?uploadId=U`. Source: "CompleteMultipartUpload", Alibaba Cloud OSS documentation. */
export async function completeMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const { text, element } = keyEncoding(call)
  const { uploadId } = await findUpload(call, bucket)
  const callback = requestedCallback(call)
  const document = await readDocument(call)
  const meta = await bucket.uploads.exclusively(uploadId, () => complete(call, bucket, document))
  const { key, bucketName } = call
  const operation = 'CompleteMultipartUpload'
  reportObject(call, meta, operation)
  const { headers, ...reply } = xmlReply(
    xml('CompleteMultipartUploadResult', [
      ...element,
      xml('Location', `http://${call.request.headers.host ?? ''}/${encodeURI(key)}`),
      xml('Bucket', bucketName),
      xml('Key', text(key)),
      xml('ETag', `"${meta.etag}"`),
    ]),
  )
  return callbackReply(call, callback, meta, '', operation, {
    ...reply,
    headers: { ...headers, 'x-oss-hash-crc64ecma': meta.crc64, ETag: `"${meta.etag}"` },
  })
}

async function complete(call: Call, bucket: Bucket, document: string): Promise<ObjectMeta> {
  const upload = await findUpload(call, bucket)
  const { uploadId, headers, acl = 'default', storageClass = 'Standard' } = upload
  const parts = chooseParts(call, document, await bucket.uploads.parts(uploadId))
  checkSizes(parts)
  const forbidOverwrite =
    upload.forbidOverwrite ||
    headerOf(call, 'x-oss-forbid-overwrite') === 'true' ||
    forbidsOverwrite(call, bucket, call.key)
  // Checked before the parts are used up: a refused completion leaves the upload as it is.
  if (forbidOverwrite && (await bucket.objects.head(call.key))) {
    throw new OssError('fileAlreadyExists', {
      ec: '0042-00000214',
      details: { Key: call.key },
    })
  }
  const staged = await bucket.uploads.assemble(uploadId, parts).catch((error: unknown) => {
    throw error instanceof PartsChosenError ? new OssError('invalidPart') : error
  })
  if (staged === undefined) {
    await bucket.uploads.remove(uploadId)
    throw new OssError('noSuchUpload', { details: { UploadId: uploadId } })
  }
  const tags = upload.tags ? { tags: upload.tags } : {}
  const attributes = { headers, acl, storageClass, forbidOverwrite, ...tags }
  const kind = { etag: multipartEtag(parts), type: 'Multipart' } as const
  const meta = await storeObject(call, bucket, call.key, staged, attributes, kind)
  await bucket.uploads.remove(uploadId)
  return meta
}

function checkSizes(parts: readonly Part[]): void {
  for (const part of parts.slice(0, -1)) {
    if (part.size >= MIN_PART_BYTES) continue
    throw new OssError('partTooSmall', {
      details: {
        PartNumber: String(part.partNumber),
        ETag: `"${part.etag}"`,
        MinSizeAllowed: String(MIN_PART_BYTES),
        ProposedSize: String(part.size),
      },
    })
  }
}

/** `DELETE /key?uploadId=U`. Source: "AbortMultipartUpload", Alibaba Cloud OSS documentation. */
export async function abortMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const { uploadId } = await findUpload(call, bucket)
  await bucket.uploads.exclusively(uploadId, () => bucket.uploads.remove(uploadId))
  return { status: 204 }
}

/** Returns the upload of a call. @throws OssError NoSuchUpload, also for an upload of another key */
export async function findUpload(call: Call, bucket: Bucket): Promise<MultipartUpload> {
  const uploadId = call.query.get('uploadId') ?? ''
  const upload = await bucket.uploads.find(uploadId)
  if (upload?.key === call.key) return upload
  throw new OssError('noSuchUpload', { details: { UploadId: uploadId } })
}

/** Returns the part number. @throws OssError InvalidArgument unless it is from 1 to 10,000 */
export function partNumberOf(call: Call): number {
  const text = call.query.get('partNumber') ?? ''
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= MAX_PARTS) return Number(text)
  throw new OssError('partNumberInvalid', {
    details: { ArgumentName: 'partNumber', ArgumentValue: text },
  })
}

function chooseParts(call: Call, document: string, stored: readonly Part[]): Part[] {
  if (headerOf(call, 'x-oss-complete-all') === 'yes') {
    if (document !== '') throw new OssError('partsMalformed')
    if (stored.length === 0) throw new OssError('invalidPart')
    return [...stored]
  }
  const root = parseXml(document)
  const listed = root.children.filter(({ name }) => name === 'Part')
  if (root.name !== 'CompleteMultipartUpload' || listed.length === 0 || listed.length > MAX_PARTS) {
    throw new OssError('partsMalformed')
  }
  let previous = 0
  return listed.map((element) => {
    const number = Number(childText(element, 'PartNumber') ?? Number.NaN)
    const etag = childText(element, 'ETag')?.replaceAll('"', '').toUpperCase()
    if (!Number.isInteger(number) || etag === undefined) throw new OssError('partsMalformed')
    if (number <= previous) throw new OssError('invalidPartOrder')
    previous = number
    const part = stored.find(({ partNumber }) => partNumber === number)
    if (part?.etag !== etag) {
      throw new OssError('invalidPart', { details: { PartNumber: String(number), ETag: etag } })
    }
    return part as Part
  })
}
