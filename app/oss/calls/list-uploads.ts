import type { Call, Reply } from '../call.ts'
import type { MultipartUpload } from '../store/multipart-store.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { keyEncoding, readCount } from './list-parameters.ts'
import { findUpload } from './multipart-upload.ts'
import { xmlReply, xmlTime } from './xml-reply.ts'

const MAX_PAGE = 1000

/** `GET /key?uploadId=U`. Source: "ListParts", Alibaba Cloud OSS documentation. */
export async function listParts(call: Call, bucket: Bucket): Promise<Reply> {
  const { text, element } = keyEncoding(call)
  const { uploadId } = await findUpload(call, bucket)
  const max = readCount(call, 'max-parts', MAX_PAGE, MAX_PAGE)
  const marker = Number(call.query.get('part-number-marker') || 0)
  const parts = await bucket.uploads.parts(uploadId)
  const following = parts.filter(({ partNumber }) => partNumber > marker)
  const page = following.slice(0, max)
  return xmlReply(
    xml('ListPartsResult', [
      ...element,
      xml('Bucket', bucket.settings.name),
      xml('Key', text(call.key)),
      xml('UploadId', uploadId),
      xml('StorageClass', 'Standard'),
      xml('PartNumberMarker', String(marker)),
      xml('NextPartNumberMarker', String(page.at(-1)?.partNumber ?? marker)),
      xml('MaxParts', String(max)),
      xml('IsTruncated', String(following.length > page.length)),
      ...page.map((part) =>
        xml('Part', [
          xml('PartNumber', String(part.partNumber)),
          xml('LastModified', xmlTime(part.lastModified)),
          xml('ETag', `"${part.etag}"`),
          xml('HashCrc64ecma', part.crc64),
          xml('Size', String(part.size)),
        ]),
      ),
    ]),
  )
}

/** `GET /?uploads`. Source: "ListMultipartUploads", Alibaba Cloud OSS documentation. */
export async function listMultipartUploads(call: Call, bucket: Bucket): Promise<Reply> {
  const { text, element } = keyEncoding(call)
  const { query } = call
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '')
  const max = readCount(call, 'max-uploads', MAX_PAGE, MAX_PAGE)
  const following = (await bucket.uploads.list()).filter(
    (upload) => upload.key.startsWith(prefix) && isAfter(upload, keyMarker, idMarker),
  )
  const prefixes = new Set<string>()
  const uploads = following.filter(({ key }) => {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (cut >= 0) prefixes.add(key.slice(0, cut + delimiter.length))
    return cut < 0
  })
  const page = uploads.slice(0, max)
  const last = page.at(-1)
  return xmlReply(
    xml('ListMultipartUploadsResult', [
      ...element,
      xml('Bucket', bucket.settings.name),
      xml('KeyMarker', text(keyMarker)),
      xml('UploadIdMarker', idMarker),
      xml('NextKeyMarker', text(last?.key ?? '')),
      xml('NextUploadIdMarker', last?.uploadId ?? ''),
      xml('Delimiter', text(delimiter)),
      xml('Prefix', text(prefix)),
      xml('MaxUploads', String(max)),
      xml('IsTruncated', String(uploads.length > page.length)),
      ...page.map((upload) =>
        xml('Upload', [
          xml('Key', text(upload.key)),
          xml('UploadId', upload.uploadId),
          xml('StorageClass', upload.storageClass ?? 'Standard'),
          xml('Initiated', xmlTime(upload.initiated)),
        ]),
      ),
      ...[...prefixes].map((one) => xml('CommonPrefixes', [xml('Prefix', text(one))])),
    ]),
  )
}

function isAfter({ key, uploadId }: MultipartUpload, keyMarker: string, idMarker: string): boolean {
  if (keyMarker === '') return true
  const order = Buffer.compare(Buffer.from(key), Buffer.from(keyMarker))
  return order > 0 || (order === 0 && idMarker !== '' && uploadId > idMarker)
}
