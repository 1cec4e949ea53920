import { OssError } from '../errors/oss-error.ts'
import { type Call, headerOf, type Reply } from '../http/call.ts'
import { childText, parseXml, renderXml, xml } from '../http/xml.ts'
import { joined, type MultipartUpload, multipartEtag, type Part } from '../store/multipart-store.ts'
import type { Bucket } from '../store/object-store.ts'
import type { StagedFile } from '../store/staged-file.ts'
import { callbackReply, requestedCallback } from './callback-request.ts'
import { xmlReply } from './document-reply.ts'
import { keyText } from './list-objects.ts'
import { requestAttributes, stageBody, store } from './put-object.ts'
import { checkHasLength, readDocument } from './request-body.ts'

const PARTS = 10_000
const SMALLEST_PART = 100 * 1024

/** `POST /key?uploads`. Source: "InitiateMultipartUpload", Alibaba Cloud OSS documentation. */
export async function initiateMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const text = keyText(call)
  const attributes = requestAttributes(call, bucket)
  const initiated = call.now.toISOString()
  const { uploadId } = await bucket.uploads.begin({ ...attributes, key: call.key, initiated })
  return xmlReply(
    renderXml(
      xml('InitiateMultipartUploadResult', [
        ...(call.query.get('encoding-type') === 'url' ? [xml('EncodingType', 'url')] : []),
        xml('Bucket', bucket.settings.name),
        xml('Key', text(call.key)),
        xml('UploadId', uploadId),
      ]),
    ),
  )
}

/** `PUT /key?partNumber=N&uploadId=U`. Source: "UploadPart", Alibaba Cloud OSS documentation. */
export async function uploadPart(call: Call, bucket: Bucket): Promise<Reply> {
  checkHasLength(call)
  const partNumber = partNumberOf(call)
  const { uploadId } = await findUpload(call, bucket)
  const staged = await stageBody(call, bucket)
  const part = await keepPart(call, bucket, uploadId, partNumber, staged)
  return {
    status: 200,
    headers: {
      ETag: `"${part.etag}"`,
      'x-oss-hash-crc64ecma': part.crc64,
      'Content-MD5': Buffer.from(part.etag, 'hex').toString('base64'),
    },
  }
}

/** Makes a staged file a part, unless the upload has ended while it arrived. */
export async function keepPart(
  call: Call,
  bucket: Bucket,
  uploadId: string,
  partNumber: number,
  staged: StagedFile,
): Promise<Part> {
  try {
    await findUpload(call, bucket)
    return await bucket.uploads.putPart(uploadId, partNumber, staged)
  } finally {
    await staged.discard()
  }
}

/** `POST /key?uploadId=U`. Source: "CompleteMultipartUpload", Alibaba Cloud OSS documentation. */
export async function completeMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const text = keyText(call)
  const upload = await findUpload(call, bucket)
  const callback = requestedCallback(call)
  const document = await readDocument(call)
  const parts = chooseParts(call, document, await bucket.uploads.parts(upload.uploadId))
  for (const part of parts.slice(0, -1)) {
    if (part.size < SMALLEST_PART) {
      throw new OssError('partTooSmall', {
        details: {
          PartNumber: String(part.partNumber),
          ETag: `"${part.etag}"`,
          MinSizeAllowed: String(SMALLEST_PART),
          ProposedSize: String(part.size),
        },
      })
    }
  }
  const staged = await bucket.objects.stage(joined(parts))
  try {
    const forbid = upload.forbidOverwrite || headerOf(call, 'x-oss-forbid-overwrite') === 'true'
    const attributes = {
      headers: upload.headers,
      acl: upload.acl ?? 'default',
      storageClass: upload.storageClass ?? 'Standard',
      forbidOverwrite: forbid,
    }
    const kind = { etag: multipartEtag(parts), type: 'Multipart' } as const
    const meta = await store(call, bucket, call.key, staged, attributes, kind)
    await bucket.uploads.end(upload.uploadId)
    const { key, requestId, bucketName } = call
    const operation = 'CompleteMultipartUpload'
    call.service.onObject({ bucket: bucketName, key, size: meta.size, operation, requestId })
    const body = renderXml(
      xml('CompleteMultipartUploadResult', [
        ...(call.query.get('encoding-type') === 'url' ? [xml('EncodingType', 'url')] : []),
        xml('Location', `http://${call.request.headers.host ?? ''}/${encodeURI(key)}`),
        xml('Bucket', bucketName),
        xml('Key', text(key)),
        xml('ETag', `"${meta.etag}"`),
      ]),
    )
    const otherwise = xmlReply(body)
    const headers = { ...otherwise.headers, 'x-oss-hash-crc64ecma': meta.crc64 }
    const reply = { ...otherwise, headers: { ...headers, ETag: `"${meta.etag}"` } }
    return await callbackReply(call, callback, meta, staged.md5, operation, reply)
  } finally {
    await staged.discard()
  }
}

/** `DELETE /key?uploadId=U`. Source: "AbortMultipartUpload", Alibaba Cloud OSS documentation. */
export async function abortMultipartUpload(call: Call, bucket: Bucket): Promise<Reply> {
  const { uploadId } = await findUpload(call, bucket)
  await bucket.uploads.end(uploadId)
  return { status: 204 }
}

/** @throws OssError NoSuchUpload unless the upload was begun for just this key */
export async function findUpload(call: Call, bucket: Bucket): Promise<MultipartUpload> {
  const uploadId = call.query.get('uploadId') ?? ''
  const upload = await bucket.uploads.find(uploadId)
  if (upload?.key === call.key) return upload
  throw new OssError('noSuchUpload', { details: { UploadId: uploadId } })
}

/** @throws OssError InvalidArgument outside 1 to 10,000 */
export function partNumberOf(call: Call): number {
  const text = call.query.get('partNumber') ?? ''
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= PARTS) return Number(text)
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
  if (root.name !== 'CompleteMultipartUpload' || listed.length === 0 || listed.length > PARTS) {
    throw new OssError('partsMalformed')
  }
  let before = 0
  return listed.map((element) => {
    const number = Number(childText(element, 'PartNumber') ?? Number.NaN)
    const etag = childText(element, 'ETag')?.replaceAll('"', '').toUpperCase()
    if (!Number.isInteger(number) || etag === undefined) throw new OssError('partsMalformed')
    if (number <= before) throw new OssError('invalidPartOrder')
    before = number
    const part = stored.find(({ partNumber }) => partNumber === number)
    if (part?.etag !== etag) {
      throw new OssError('invalidPart', { details: { PartNumber: String(number), ETag: etag } })
    }
    return part as Part
  })
}
