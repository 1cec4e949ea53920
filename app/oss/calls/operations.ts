import { subresourcesOf } from '../access/subresources.ts'
import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { appendObject } from './append-object.ts'
import * as buckets from './bucket.ts'
import * as cors from './bucket-cors.ts'
import * as documents from './bucket-documents.ts'
import { getBucketStat } from './bucket-stat.ts'
import { copyObject, uploadPartCopy } from './copy-object.ts'
import { deleteMultipleObjects, deleteObject } from './delete-object.ts'
import { getObject, getObjectMeta } from './get-object.ts'
import { listObjects, listObjectsV2, listObjectVersions } from './list-objects.ts'
import { listMultipartUploads, listParts } from './list-uploads.ts'
import * as multipart from './multipart-upload.ts'
import { getObjectAcl, putObjectAcl } from './object-acl.ts'
import * as tagging from './object-tagging.ts'
import * as overwrite from './overwrite-config.ts'
import { putObject } from './put-object.ts'
import { getSymlink, putSymlink } from './symlink.ts'

/** What an operation acts on. */
export type Level = 'service' | 'bucket' | 'object'

/** An operation of the API. */
export interface Operation {
  /** RAM action. */
  action: string
  /** @param bucket Undefined for operations of the service */
  handle: (call: Call, bucket: Bucket) => Promise<Reply>
  /** The level `service` includes PutBucket, whose bucket may not exist. */
  level: Level
  /** Whether the handler authorises each object itself. */
  authorises?: true
}

type Row = [action: string, handle: Operation['handle']]

/** By method and subresources, in alphabetical order. `copy` stands for the header x-oss-copy-source. */
const OPERATIONS: Readonly<Record<Level, Readonly<Record<string, Row>>>> = {
  service: {
    'GET ': ['ListBuckets', buckets.listBuckets],
  },
  bucket: {
    'GET ': ['ListObjects', listObjects],
    'GET list-type': ['ListObjects', listObjectsV2],
    'GET versions': ['ListObjectVersions', listObjectVersions],
    'PUT ': ['PutBucket', buckets.putBucket],
    'DELETE ': ['DeleteBucket', buckets.deleteBucket],
    'POST delete': ['DeleteObject', deleteMultipleObjects],
    'GET uploads': ['ListMultipartUploads', listMultipartUploads],
    'GET bucketInfo': ['GetBucketInfo', buckets.getBucketInfo],
    'GET location': ['GetBucketLocation', buckets.getBucketLocation],
    'GET stat': ['GetBucketStat', getBucketStat],
    'GET acl': ['GetBucketAcl', buckets.getBucketAcl],
    'PUT acl': ['PutBucketAcl', buckets.putBucketAcl],
    'GET cors': ['GetBucketCors', cors.getBucketCors],
    'PUT cors': ['PutBucketCors', cors.putBucketCors],
    'DELETE cors': ['DeleteBucketCors', cors.deleteBucketCors],
    'GET policy': ['GetBucketPolicy', documents.getBucketPolicy],
    'PUT policy': ['PutBucketPolicy', documents.putBucketPolicy],
    'DELETE policy': ['DeleteBucketPolicy', documents.deleteBucketPolicy],
    'GET policyStatus': ['GetBucketPolicyStatus', documents.getBucketPolicyStatus],
    'GET publicAccessBlock': ['GetBucketPublicAccessBlock', documents.getPublicAccessBlock],
    'PUT publicAccessBlock': ['PutBucketPublicAccessBlock', documents.putPublicAccessBlock],
    'DELETE publicAccessBlock': [
      'DeleteBucketPublicAccessBlock',
      documents.deletePublicAccessBlock,
    ],
    'GET overwriteConfig': ['GetBucketOverwriteConfig', overwrite.getOverwriteConfig],
    'PUT overwriteConfig': ['PutBucketOverwriteConfig', overwrite.putOverwriteConfig],
    'DELETE overwriteConfig': ['DeleteBucketOverwriteConfig', overwrite.deleteOverwriteConfig],
    'GET versioning': ['GetBucketVersioning', documents.getBucketVersioning],
    ...storedDocuments(),
  },
  object: {
    'GET ': ['GetObject', getObject],
    'HEAD ': ['GetObject', getObject],
    'PUT ': ['PutObject', putObject],
    'PUT copy': ['PutObject', copyObject],
    'DELETE ': ['DeleteObject', deleteObject],
    'GET acl': ['GetObjectAcl', getObjectAcl],
    'PUT acl': ['PutObjectAcl', putObjectAcl],
    'GET objectMeta': ['GetObject', getObjectMeta],
    'HEAD objectMeta': ['GetObject', getObjectMeta],
    'GET tagging': ['GetObjectTagging', tagging.getObjectTagging],
    'PUT tagging': ['PutObjectTagging', tagging.putObjectTagging],
    'DELETE tagging': ['DeleteObjectTagging', tagging.deleteObjectTagging],
    'POST append': ['PutObject', appendObject],
    'GET symlink': ['GetObject', getSymlink],
    'PUT symlink': ['PutObject', putSymlink],
    'POST uploads': ['PutObject', multipart.initiateMultipartUpload],
    'PUT uploadId': ['PutObject', multipart.uploadPart],
    'PUT uploadId copy': ['PutObject', uploadPartCopy],
    'POST uploadId': ['PutObject', multipart.completeMultipartUpload],
    'DELETE uploadId': ['AbortMultipartUpload', multipart.abortMultipartUpload],
    'GET uploadId': ['ListParts', listParts],
  },
}

/**
 * Finds the operation of a call.
 *
 * @throws OssError NotImplemented for operations that only OSS has, MethodNotAllowed without a subresource
 */
export function findOperation({ request, query, bucketName, key }: Call): Operation {
  const level: Level = bucketName === '' ? 'service' : key === '' ? 'bucket' : 'object'
  const { method = '' } = request
  const names = subresourcesOf(query)
  const copies = method === 'PUT' && request.headers['x-oss-copy-source'] !== undefined
  const selected = [...names, ...(copies && level === 'object' ? ['copy'] : [])].join(' ')
  const row = OPERATIONS[level][`${method} ${selected}`]
  if (row) {
    const [action, handle] = row
    const operation = { action: `oss:${action}`, handle }
    if (handle === buckets.putBucket) return { ...operation, level: 'service' }
    return {
      ...operation,
      level,
      ...(handle === deleteMultipleObjects ? { authorises: true } : {}),
    }
  }
  if (names.length === 0) {
    const details = { Method: method, ResourceType: level.toUpperCase() }
    throw new OssError('methodNotAllowed', { details })
  }
  const header = names.join('&')
  throw new OssError('notImplemented', {
    message: `A header or a query you provided implies functionality that is not implemented: ${method} ?${header} of the ${level}.`,
    details: { Header: header },
  })
}

function storedDocuments(): Record<string, Row> {
  const rows: Record<string, Row> = {}
  for (const name of Object.keys(documents.STORED_DOCUMENTS)) {
    const title = `Bucket${name.charAt(0).toUpperCase()}${name.slice(1)}`
    rows[`GET ${name}`] = [`Get${title}`, (c, b) => documents.getDocument(c, b, name)]
    rows[`PUT ${name}`] = [`Put${title}`, (c, b) => documents.putDocument(c, b, name)]
    rows[`DELETE ${name}`] = [`Delete${title}`, (c, b) => documents.deleteDocument(c, b, name)]
  }
  return rows
}
