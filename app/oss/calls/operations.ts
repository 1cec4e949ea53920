import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import * as buckets from './bucket.ts'
import * as cors from './bucket-cors.ts'
import * as documents from './bucket-documents.ts'
import { copyObject, uploadPartCopy } from './copy-object.ts'
import { deleteMultipleObjects, deleteObject } from './delete-object.ts'
import { getObject } from './get-object.ts'
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.ts'
import { listMultipartUploads, listParts } from './list-uploads.ts'
import * as multipart from './multipart-upload.ts'
import { getObjectAcl, putObjectAcl } from './object-acl.ts'
import * as overwrite from './overwrite-config.ts'
import { putObject } from './put-object.ts'

/** An operation of the API: its RAM action and its handler. */
export interface Operation {
  action: string
  handle: (call: Call, bucket: Bucket) => Promise<Reply>
  /** Whether the handler authorises each object itself. */
  ofManyObjects?: true
}

type Table = Readonly<Record<string, Operation>>
const op = (action: string, handle: Operation['handle']): Operation => ({
  action: `oss:${action}`,
  handle,
})

const OF_OBJECT: Table = {
  'GET ': op('GetObject', getObject),
  'HEAD ': op('GetObject', getObject),
  'PUT ': op('PutObject', putObject),
  'PUT copy': op('PutObject', copyObject),
  'DELETE ': op('DeleteObject', deleteObject),
  'GET acl': op('GetObjectAcl', getObjectAcl),
  'PUT acl': op('PutObjectAcl', putObjectAcl),
  'GET objectMeta': op('GetObject', getObject),
  'HEAD objectMeta': op('GetObject', getObject),
  'POST uploads': op('PutObject', multipart.initiateMultipartUpload),
  'PUT uploadId': op('PutObject', multipart.uploadPart),
  'PUT uploadId copy': op('PutObject', uploadPartCopy),
  'POST uploadId': op('PutObject', multipart.completeMultipartUpload),
  'DELETE uploadId': op('AbortMultipartUpload', multipart.abortMultipartUpload),
  'GET uploadId': op('ListParts', listParts),
}

const OF_BUCKET: Table = {
  'GET ': op('ListObjects', listObjects),
  'GET list-type': op('ListObjects', listObjectsV2),
  'GET versions': op('ListObjectVersions', listObjectVersions),
  'DELETE ': op('DeleteBucket', buckets.deleteBucket),
  'POST delete': { ...op('DeleteObject', deleteMultipleObjects), ofManyObjects: true },
  'GET uploads': op('ListMultipartUploads', listMultipartUploads),
  'GET bucketInfo': op('GetBucketInfo', buckets.getBucketInfo),
  'GET location': op('GetBucketLocation', buckets.getBucketLocation),
  'GET acl': op('GetBucketAcl', buckets.getBucketAcl),
  'PUT acl': op('PutBucketAcl', buckets.putBucketAcl),
  'GET cors': op('GetBucketCors', cors.getBucketCors),
  'PUT cors': op('PutBucketCors', cors.putBucketCors),
  'DELETE cors': op('DeleteBucketCors', cors.deleteBucketCors),
  'GET policy': op('GetBucketPolicy', documents.getBucketPolicy),
  'PUT policy': op('PutBucketPolicy', documents.putBucketPolicy),
  'DELETE policy': op('DeleteBucketPolicy', documents.deleteBucketPolicy),
  'GET policyStatus': op('GetBucketPolicyStatus', documents.getBucketPolicyStatus),
  'GET publicAccessBlock': op('GetBucketPublicAccessBlock', documents.getPublicAccessBlock),
  'PUT publicAccessBlock': op('PutBucketPublicAccessBlock', documents.putPublicAccessBlock),
  'DELETE publicAccessBlock': op(
    'DeleteBucketPublicAccessBlock',
    documents.deletePublicAccessBlock,
  ),
  'GET overwriteConfig': op('GetBucketOverwriteConfig', overwrite.getOverwriteConfig),
  'PUT overwriteConfig': op('PutBucketOverwriteConfig', overwrite.putOverwriteConfig),
  'DELETE overwriteConfig': op('DeleteBucketOverwriteConfig', overwrite.deleteOverwriteConfig),
  'GET versioning': op('GetBucketVersioning', documents.getBucketVersioning),
  ...storedDocuments(),
}

/** Query parameters that select an operation. */
const SUBRESOURCES = [
  ...new Set([...Object.keys(OF_OBJECT), ...Object.keys(OF_BUCKET)].map((k) => k.split(' ')[1])),
  ...['append', 'symlink', 'restore', 'worm', 'inventory', 'live', 'stat', 'select/meta', 'qos'],
  ...[
    'requestPayment',
    'accessmonitor',
    'replication',
    'cname',
    'vod',
    'img',
    'style',
    'metaQuery',
  ],
].filter((name): name is string => name !== undefined && name !== '' && name !== 'copy')

/** Returns whether a query selects an operation other than the plain one of its method. */
export function hasSubresource(query: ReadonlyMap<string, string>): boolean {
  return SUBRESOURCES.some((name) => query.has(name))
}

/** `PUT /` on a bucket that may not exist yet. */
export const PUT_BUCKET: Operation = op('PutBucket', buckets.putBucket)
/** `GET /` on the service. */
export const LIST_BUCKETS: Operation = op('ListBuckets', buckets.listBuckets)

/**
 * Finds the operation of a call.
 *
 * @throws OssError NotImplemented or MethodNotAllowed
 */
export function findOperation(call: Call): Operation {
  const { request, query, key } = call
  const method = request.method ?? ''
  const table = key === '' ? OF_BUCKET : OF_OBJECT
  const named = SUBRESOURCES.filter((name) => query.has(name))
  const name = named.includes('uploadId') ? 'uploadId' : (named[0] ?? '')
  const copies = key !== '' && request.headers['x-oss-copy-source'] !== undefined
  const id = `${method} ${name}${copies && method === 'PUT' ? `${name === '' ? '' : ' '}copy` : ''}`
  if (key === '' && id === 'PUT ') return PUT_BUCKET
  const found = table[id]
  if (found) return found
  if (name === '' || Object.keys(table).some((other) => other.split(' ')[1] === name)) {
    throw new OssError('methodNotAllowed', {
      details: { Method: method, ResourceType: key === '' ? 'BUCKET' : 'OBJECT' },
    })
  }
  throw new OssError('notImplemented', { details: { Header: name } })
}

function storedDocuments(): Table {
  const table: Record<string, Operation> = {}
  for (const name of Object.keys(documents.STORED_DOCUMENTS)) {
    const title = `Bucket${name.charAt(0).toUpperCase()}${name.slice(1)}`
    table[`GET ${name}`] = op(`Get${title}`, (c, b) => documents.getDocument(c, b, name))
    table[`PUT ${name}`] = op(`Put${title}`, (c, b) => documents.putDocument(c, b, name))
    table[`DELETE ${name}`] = op(`Delete${title}`, (c, b) => documents.deleteDocument(c, b, name))
  }
  return table
}
