import { isBucketName } from '@oss-direct-upload/signing'
import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import { type BucketAcl, newBucketSettings } from '../store/bucket-settings.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, parseXml } from '../xml/parse-xml.ts'
import { xml } from '../xml/render-xml.ts'
import { accessControlPolicy } from './object-acl.ts'
import { checkStorageClass } from './object-headers.ts'
import { readDocument } from './request-body.ts'
import { ownerXml, xmlReply, xmlTime } from './xml-reply.ts'

const MAX_BUCKETS = 100

/** `GET /` on the service. Source: "ListBuckets (GetService)", Alibaba Cloud OSS documentation. */
export async function listBuckets(call: Call): Promise<Reply> {
  const { query, service } = call
  const prefix = query.get('prefix') ?? ''
  const marker = query.get('marker') ?? ''
  const max = Math.min(Number(query.get('max-keys') || 100), 1000)
  const own = service.store.list().map(({ settings }) => settings)
  const following = [...own, ...service.account.bucketsElsewhere()]
    .filter(({ name }) => name.startsWith(prefix) && name > marker)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  const page = following.slice(0, max)
  const truncated = following.length > page.length
  return xmlReply(
    xml('ListAllMyBucketsResult', [
      xml('Prefix', prefix),
      xml('Marker', marker),
      xml('MaxKeys', String(max)),
      xml('IsTruncated', String(truncated)),
      ...(truncated ? [xml('NextMarker', page.at(-1)?.name ?? '')] : []),
      ownerXml(service.accountId),
      xml(
        'Buckets',
        page.map((settings) =>
          xml('Bucket', [
            xml('CreationDate', xmlTime(settings.created)),
            xml('ExtranetEndpoint', `oss-${settings.region}.aliyuncs.com`),
            xml('IntranetEndpoint', `oss-${settings.region}-internal.aliyuncs.com`),
            xml('Location', `oss-${settings.region}`),
            xml('Name', settings.name),
            xml('Region', settings.region),
            xml('StorageClass', settings.storageClass),
          ]),
        ),
      ),
    ]),
  )
}

/** `PUT /` on a bucket. Source: "PutBucket", Alibaba Cloud OSS documentation. */
export async function putBucket(call: Call): Promise<Reply> {
  const { service, bucketName: name } = call
  if (!isBucketName(name)) throw new OssError('invalidBucketName')
  const body = await readDocument(call)
  const document = body === '' ? undefined : parseXml(body)
  if (document && document.name !== 'CreateBucketConfiguration') throw new OssError('malformedXml')
  const read = (element: string): string | undefined => document && childText(document, element)
  const storageClass = checkStorageClass(read('StorageClass'))
  const dataRedundancyType = read('DataRedundancyType') ?? 'LRS'
  const location = read('LocationConstraint')
  if (location !== undefined && location !== `oss-${service.region}`) {
    throw new OssError('invalidLocationConstraint')
  }
  const acl = bucketAcl(headerOf(call, 'x-oss-acl') || 'private')
  const before = service.store.find(name)
  if (before) {
    if (before.settings.storageClass !== storageClass) {
      const message = "Cannot modify existing bucket's storage class"
      throw new OssError('bucketAlreadyExists', { message, details: { BucketName: name } })
    }
    return { status: 200, headers: { Location: `/${name}` } }
  }
  const elsewhere = service.account.bucketsElsewhere()
  if (elsewhere.some((other) => other.name === name) || service.account.isTaken(name)) {
    throw new OssError('bucketAlreadyExists', { details: { BucketName: name } })
  }
  if (acl !== 'private') throw new OssError('publicBucketAclForbidden')
  if (service.store.list().length + elsewhere.length >= MAX_BUCKETS)
    throw new OssError('tooManyBuckets')
  await service.store.save({
    ...newBucketSettings(name, service.region, call.now),
    storageClass,
    dataRedundancyType,
  })
  return { status: 200, headers: { Location: `/${name}` } }
}

/** `DELETE /` on a bucket. Source: "DeleteBucket", Alibaba Cloud OSS documentation. */
export async function deleteBucket(call: Call, bucket: Bucket): Promise<Reply> {
  const { objects } = await bucket.objects.list({ max: 1 })
  if (objects.length > 0 || (await bucket.uploads.list()).length > 0) {
    throw new OssError('bucketNotEmpty', { details: { BucketName: bucket.settings.name } })
  }
  await call.service.store.remove(bucket.settings.name)
  return { status: 204 }
}

/** `GET /?bucketInfo`. Source: "GetBucketInfo", Alibaba Cloud OSS documentation. */
export async function getBucketInfo(call: Call, bucket: Bucket): Promise<Reply> {
  const { settings } = bucket
  const location = `oss-${settings.region}`
  const owner = call.service.accountId
  const encryption = settings.documents.encryption
  const algorithm = /<SSEAlgorithm>(\w+)</.exec(encryption ?? '')?.[1] ?? 'None'
  return xmlReply(
    xml('BucketInfo', [
      xml('Bucket', [
        xml('AccessMonitor', 'Disabled'),
        xml('CreationDate', xmlTime(settings.created)),
        xml('ExtranetEndpoint', `${location}.aliyuncs.com`),
        xml('IntranetEndpoint', `${location}-internal.aliyuncs.com`),
        xml('Location', location),
        xml('StorageClass', settings.storageClass),
        xml('DataRedundancyType', settings.dataRedundancyType),
        xml('TransferAcceleration', 'Disabled'),
        xml('CrossRegionReplication', 'Disabled'),
        xml('Name', settings.name),
        xml('ResourceGroupId', 'rg-default'),
        xml('Owner', [xml('DisplayName', owner), xml('ID', owner)]),
        xml('AccessControlList', [xml('Grant', settings.acl)]),
        xml('ServerSideEncryptionRule', [xml('SSEAlgorithm', algorithm)]),
        xml('BucketPolicy', [xml('LogBucket'), xml('LogPrefix')]),
        xml('BlockPublicAccess', String(settings.blockPublicAccess)),
        xml('Comment'),
      ]),
    ]),
  )
}

/** `GET /?location`. */
export async function getBucketLocation(_call: Call, bucket: Bucket): Promise<Reply> {
  return xmlReply(xml('LocationConstraint', `oss-${bucket.settings.region}`))
}

/** `GET /?acl` on a bucket. */
export async function getBucketAcl(call: Call, bucket: Bucket): Promise<Reply> {
  return xmlReply(accessControlPolicy(call.service.accountId, bucket.settings.acl))
}

/** `PUT /?acl` on a bucket. */
export async function putBucketAcl(call: Call, bucket: Bucket): Promise<Reply> {
  const acl = bucketAcl(headerOf(call, 'x-oss-acl') ?? '')
  if (acl !== 'private' && bucket.settings.blockPublicAccess) {
    throw new OssError('publicBucketAclForbidden')
  }
  await call.service.store.change(bucket, (settings) => ({ ...settings, acl }))
  return { status: 200 }
}

function bucketAcl(text: string): BucketAcl {
  if (text === 'private' || text === 'public-read' || text === 'public-read-write') return text
  throw new OssError('aclInvalid', {
    details: { ArgumentName: 'x-oss-acl', ArgumentValue: text },
  })
}
