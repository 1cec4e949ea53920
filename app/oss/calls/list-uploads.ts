import type { Call, Reply } from '../call.ts'
import type { Bucket } from '../store/object-store.ts'
import { renderXml, type XmlNode, xml } from '../xml/parse-xml.ts'
import { xmlReply } from './document-reply.ts'
import { countOf, keyText } from './list-objects.ts'
import { findUpload } from './multipart-upload.ts'

const MOST = 1000

/** `GET /key?uploadId=U`. Source: "ListParts", Alibaba Cloud OSS documentation. */
export async function listParts(call: Call, bucket: Bucket): Promise<Reply> {
  const text = keyText(call)
  const { uploadId } = await findUpload(call, bucket)
  const max = countOf(call, 'max-parts', MOST, MOST)
  const marker = Number(call.query.get('part-number-marker') || 0)
  const left = (await bucket.uploads.parts(uploadId)).filter((p) => p.partNumber > marker)
  const page = left.slice(0, max)
  return xmlReply(
    renderXml(
      xml('ListPartsResult', [
        ...encoding(call),
        xml('Bucket', bucket.settings.name),
        xml('Key', text(call.key)),
        xml('UploadId', uploadId),
        xml('StorageClass', 'Standard'),
        xml('PartNumberMarker', String(marker)),
        xml('NextPartNumberMarker', String(page.at(-1)?.partNumber ?? marker)),
        xml('MaxParts', String(max)),
        xml('IsTruncated', String(left.length > page.length)),
        ...page.map((part) =>
          xml('Part', [
            xml('PartNumber', String(part.partNumber)),
            xml('LastModified', part.lastModified),
            xml('ETag', `"${part.etag}"`),
            xml('HashCrc64ecma', part.crc64),
            xml('Size', String(part.size)),
          ]),
        ),
      ]),
    ),
  )
}

/** `GET /?uploads`. Source: "ListMultipartUploads", Alibaba Cloud OSS documentation. */
export async function listMultipartUploads(call: Call, bucket: Bucket): Promise<Reply> {
  const text = keyText(call)
  const { query } = call
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
  const keyMarker = query.get('key-marker') ?? ''
  const idMarker = keyMarker === '' ? '' : (query.get('upload-id-marker') ?? '')
  const max = countOf(call, 'max-uploads', MOST, MOST)
  const marker = Buffer.from(keyMarker)
  const isBehind = (key: string, uploadId: string): boolean => {
    const order = Buffer.compare(Buffer.from(key), marker)
    return order > 0 || (order === 0 && idMarker !== '' && uploadId > idMarker)
  }
  const left = (await bucket.uploads.list()).filter(
    ({ key, uploadId }) => key.startsWith(prefix) && (keyMarker === '' || isBehind(key, uploadId)),
  )
  const prefixes = new Set<string>()
  const plain = left.filter(({ key }) => {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
    if (cut >= 0) prefixes.add(key.slice(0, cut + delimiter.length))
    return cut < 0
  })
  const page = plain.slice(0, max)
  const last = page.at(-1)
  return xmlReply(
    renderXml(
      xml('ListMultipartUploadsResult', [
        ...encoding(call),
        xml('Bucket', bucket.settings.name),
        xml('KeyMarker', text(keyMarker)),
        xml('UploadIdMarker', idMarker),
        xml('NextKeyMarker', text(last?.key ?? '')),
        xml('NextUploadIdMarker', last?.uploadId ?? ''),
        xml('Delimiter', text(delimiter)),
        xml('Prefix', text(prefix)),
        xml('MaxUploads', String(max)),
        xml('IsTruncated', String(plain.length > page.length)),
        ...page.map((upload) =>
          xml('Upload', [
            xml('Key', text(upload.key)),
            xml('UploadId', upload.uploadId),
            xml('StorageClass', upload.storageClass ?? 'Standard'),
            xml('Initiated', upload.initiated),
          ]),
        ),
        ...[...prefixes].map((p) => xml('CommonPrefixes', [xml('Prefix', text(p))])),
      ]),
    ),
  )
}

function encoding(call: Call): XmlNode[] {
  return call.query.get('encoding-type') === 'url' ? [xml('EncodingType', 'url')] : []
}
