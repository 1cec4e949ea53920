import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ListQuery } from '../store/listing.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { renderXml, type XmlNode, xml } from '../xml/parse-xml.ts'
import { xmlReply } from './document-reply.ts'

const DEFAULT_KEYS = 100
const MOST_KEYS = 1000

/** `GET /?list-type=2`. Source: "ListObjectsV2", Alibaba Cloud OSS documentation. */
export async function listObjectsV2(call: Call, bucket: Bucket): Promise<Reply> {
  const { query } = call
  if (query.get('list-type') !== '2') throw new OssError('listTypeInvalid')
  const token = query.get('continuation-token')
  const startAfter = token ? readToken(token) : query.get('start-after')
  const { asked, text } = listQuery(call, startAfter)
  const page = await bucket.objects.list(asked)
  const withOwner = query.get('fetch-owner') === 'true'
  return xmlReply(
    renderXml(
      xml('ListBucketResult', [
        xml('Name', bucket.settings.name),
        xml('Prefix', text(asked.prefix ?? '')),
        ...optional('StartAfter', query.get('start-after'), text),
        xml('MaxKeys', String(asked.max)),
        ...optional('Delimiter', query.get('delimiter'), text),
        ...encodingType(call),
        xml('IsTruncated', String(page.next !== undefined)),
        xml('KeyCount', String(page.objects.length + page.commonPrefixes.length)),
        ...(token ? [xml('ContinuationToken', token)] : []),
        ...(page.next === undefined ? [] : [xml('NextContinuationToken', writeToken(page.next))]),
        ...page.objects.map((meta) => contents(meta, text, withOwner && call.service.accountId)),
        ...page.commonPrefixes.map((p) => xml('CommonPrefixes', [xml('Prefix', text(p))])),
      ]),
    ),
  )
}

/** `GET /`. Source: "ListObjects (GetBucket)", Alibaba Cloud OSS documentation. */
export async function listObjects(call: Call, bucket: Bucket): Promise<Reply> {
  const marker = call.query.get('marker') ?? ''
  const { asked, text } = listQuery(call, marker)
  const page = await bucket.objects.list(asked)
  return xmlReply(
    renderXml(
      xml('ListBucketResult', [
        xml('Name', bucket.settings.name),
        xml('Prefix', text(asked.prefix ?? '')),
        xml('Marker', text(marker)),
        xml('MaxKeys', String(asked.max)),
        xml('Delimiter', text(asked.delimiter ?? '')),
        ...encodingType(call),
        xml('IsTruncated', String(page.next !== undefined)),
        ...optional('NextMarker', page.next, text),
        ...page.objects.map((meta) => contents(meta, text, call.service.accountId)),
        ...page.commonPrefixes.map((p) => xml('CommonPrefixes', [xml('Prefix', text(p))])),
      ]),
    ),
  )
}

/** `GET /?versions`: each object as its one version, as there is no versioning here. */
export async function listObjectVersions(call: Call, bucket: Bucket): Promise<Reply> {
  const marker = call.query.get('key-marker') ?? ''
  const { asked, text } = listQuery(call, marker)
  const page = await bucket.objects.list(asked)
  return xmlReply(
    renderXml(
      xml('ListVersionsResult', [
        xml('Name', bucket.settings.name),
        xml('Prefix', text(asked.prefix ?? '')),
        xml('KeyMarker', text(marker)),
        xml('VersionIdMarker'),
        xml('MaxKeys', String(asked.max)),
        xml('Delimiter', text(asked.delimiter ?? '')),
        ...encodingType(call),
        xml('IsTruncated', String(page.next !== undefined)),
        ...optional('NextKeyMarker', page.next, text),
        ...page.objects.map((meta) => {
          const { name, content } = contents(meta, text, call.service.accountId)
          const version = [xml('VersionId', 'null'), xml('IsLatest', 'true')]
          return { name: name.replace('Contents', 'Version'), content: [...version, ...content] }
        }),
        ...page.commonPrefixes.map((p) => xml('CommonPrefixes', [xml('Prefix', text(p))])),
      ]),
    ),
  )
}

/** `EncodingType` and how a key is then written. @throws OssError for any but `url` */
export function keyText(call: Call): (key: string) => string {
  const encoding = call.query.get('encoding-type')
  if (encoding !== undefined && encoding !== '' && encoding !== 'url') {
    throw new OssError('invalidArgument', {
      message: 'Invalid Encoding Method specified in Request.',
      details: { ArgumentName: 'encoding-type', ArgumentValue: encoding },
    })
  }
  return (key) => (encoding === 'url' ? encodeURIComponent(key) : key)
}

/** A whole number of a query. @throws OssError outside its bounds */
export function countOf(call: Call, name: string, fallback: number, most: number): number {
  const text = call.query.get(name)
  if (text === undefined || text === '') return fallback
  const count = /^\d{1,10}$/.test(text) ? Number(text) : -1
  if (count >= 1 && count <= most) return count
  throw new OssError('invalidArgument', {
    message: `Argument ${name} must be an integer between 1 and ${most}.`,
    details: { ArgumentName: name, ArgumentValue: text },
  })
}

function listQuery(
  call: Call,
  startAfter: string | undefined,
): { asked: ListQuery; text: (key: string) => string } {
  const { query } = call
  const text = keyText(call)
  return {
    text,
    asked: {
      prefix: query.get('prefix') ?? '',
      delimiter: query.get('delimiter') ?? '',
      max: countOf(call, 'max-keys', DEFAULT_KEYS, MOST_KEYS),
      ...(startAfter === undefined ? {} : { startAfter }),
    },
  }
}

function contents(
  meta: ObjectMeta,
  text: (key: string) => string,
  owner: string | false,
): { name: string; content: XmlNode[] } {
  return {
    name: 'Contents',
    content: [
      xml('Key', text(meta.key)),
      xml('LastModified', meta.lastModified),
      xml('ETag', `"${meta.etag}"`),
      xml('Type', meta.type),
      xml('Size', String(meta.size)),
      xml('StorageClass', meta.storageClass),
      ...(owner === false ? [] : [xml('Owner', [xml('ID', owner), xml('DisplayName', owner)])]),
    ],
  }
}

function optional(
  name: string,
  value: string | undefined,
  text: (key: string) => string,
): XmlNode[] {
  return value === undefined || value === '' ? [] : [xml(name, text(value))]
}

function encodingType(call: Call): XmlNode[] {
  return call.query.get('encoding-type') === 'url' ? [xml('EncodingType', 'url')] : []
}

function writeToken(key: string): string {
  return Buffer.from(key).toString('base64')
}

function readToken(token: string): string {
  const bytes = Buffer.from(token, 'base64')
  if (bytes.toString('base64') === token) return bytes.toString('utf8')
  throw new OssError('invalidArgument', {
    message: 'The continuation token is invalid.',
    details: { ArgumentName: 'continuation-token', ArgumentValue: token },
  })
}
