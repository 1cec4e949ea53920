import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { optionalXml, type XmlNode, xml } from '../xml/render-xml.ts'
import { keyEncoding, readCount, readToken, writeToken } from './list-parameters.ts'
import { ownerXml, xmlReply, xmlTime } from './xml-reply.ts'

const DEFAULT_KEYS = 100
const MAX_KEYS = 1000

/** `GET /?list-type=2`. Source: "ListObjectsV2", Alibaba Cloud OSS documentation. */
export async function listObjectsV2(call: Call, bucket: Bucket): Promise<Reply> {
  const { query, service } = call
  if (query.get('list-type') !== '2') throw new OssError('listTypeInvalid')
  const token = query.get('continuation-token') || undefined
  const startAfter = query.get('start-after')
  const page = await readPage(call, bucket, token ? readToken(token) : startAfter)
  const owner = query.get('fetch-owner') === 'true' ? service.accountId : undefined
  return xmlReply(
    xml('ListBucketResult', [
      ...page.start,
      ...optionalXml('StartAfter', startAfter && page.text(startAfter)),
      ...page.limits,
      xml('KeyCount', String(page.count)),
      ...optionalXml('ContinuationToken', token),
      ...optionalXml('NextContinuationToken', page.next && writeToken(page.next)),
      ...page.objects.map((meta) => xml('Contents', objectXml(meta, page.text, owner))),
      ...page.prefixes,
    ]),
  )
}

/** `GET /`. Source: "ListObjects (GetBucket)", Alibaba Cloud OSS documentation. */
export async function listObjects(call: Call, bucket: Bucket): Promise<Reply> {
  const marker = call.query.get('marker') ?? ''
  const page = await readPage(call, bucket, marker)
  const { accountId } = call.service
  return xmlReply(
    xml('ListBucketResult', [
      ...page.start,
      xml('Marker', page.text(marker)),
      ...page.limits,
      ...optionalXml('NextMarker', page.next && page.text(page.next)),
      ...page.objects.map((meta) => xml('Contents', objectXml(meta, page.text, accountId))),
      ...page.prefixes,
    ]),
  )
}

/** `GET /?versions`: lists each object as its only version, as there is no versioning here. */
export async function listObjectVersions(call: Call, bucket: Bucket): Promise<Reply> {
  const marker = call.query.get('key-marker') ?? ''
  const page = await readPage(call, bucket, marker)
  const { accountId } = call.service
  const version = [xml('VersionId', 'null'), xml('IsLatest', 'true')]
  return xmlReply(
    xml('ListVersionsResult', [
      ...page.start,
      xml('KeyMarker', page.text(marker)),
      xml('VersionIdMarker'),
      ...page.limits,
      ...optionalXml('NextKeyMarker', page.next && page.text(page.next)),
      ...page.objects.map((meta) =>
        xml('Version', [...version, ...objectXml(meta, page.text, accountId)]),
      ),
      ...page.prefixes,
    ]),
  )
}

/** Reads a page and renders the elements that all listings share. */
async function readPage(call: Call, bucket: Bucket, startAfter = '') {
  const { query } = call
  const { text, element } = keyEncoding(call)
  const max = readCount(call, 'max-keys', DEFAULT_KEYS, MAX_KEYS)
  const [prefix, delimiter] = [query.get('prefix') ?? '', query.get('delimiter') ?? '']
  const page = await bucket.objects.list({ prefix, delimiter, max, startAfter })
  return {
    text,
    next: page.next,
    objects: page.objects,
    count: page.objects.length + page.commonPrefixes.length,
    start: [xml('Name', bucket.settings.name), xml('Prefix', text(prefix))],
    limits: [
      xml('MaxKeys', String(max)),
      xml('Delimiter', text(delimiter)),
      ...element,
      xml('IsTruncated', String(page.next !== undefined)),
    ],
    prefixes: page.commonPrefixes.map((one) => xml('CommonPrefixes', [xml('Prefix', text(one))])),
  }
}

function objectXml(
  meta: ObjectMeta,
  text: (key: string) => string,
  owner: string | undefined,
): XmlNode[] {
  return [
    xml('Key', text(meta.key)),
    xml('LastModified', xmlTime(meta.lastModified)),
    xml('ETag', `"${meta.etag}"`),
    xml('Type', meta.type),
    xml('Size', String(meta.size)),
    xml('StorageClass', meta.storageClass),
    ...(owner === undefined ? [] : [ownerXml(owner)]),
  ]
}
