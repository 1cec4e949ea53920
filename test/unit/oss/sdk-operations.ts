/**
 * All operations of the official SDK for Python, v2 1.4.1: method, level, query, name. The SDK for Go,
 * v2 1.6.1, has the same ones. Recorded from the `OperationInput` of `alibabacloud_oss_v2/operations`;
 * parameters that those functions set later are added.
 */
export const SDK_OPERATIONS: readonly (readonly [
  method: string,
  level: 'service' | 'bucket' | 'object',
  query: string,
  name: string,
])[] = `
PUT bucket accessPoint CreateAccessPoint
GET bucket accessPoint GetAccessPoint
GET bucket accessPoint ListAccessPoints
DELETE bucket accessPoint DeleteAccessPoint
PUT bucket accessPointPolicy PutAccessPointPolicy
GET bucket accessPointPolicy GetAccessPointPolicy
DELETE bucket accessPointPolicy DeleteAccessPointPolicy
PUT bucket publicAccessBlock PutAccessPointPublicAccessBlock
GET bucket publicAccessBlock GetAccessPointPublicAccessBlock
DELETE bucket publicAccessBlock DeleteAccessPointPublicAccessBlock
PUT bucket accessmonitor PutBucketAccessMonitor
GET bucket accessmonitor GetBucketAccessMonitor
GET bucket bucketArchiveDirectRead GetBucketArchiveDirectRead
PUT bucket bucketArchiveDirectRead PutBucketArchiveDirectRead
PUT bucket - PutBucket
DELETE bucket - DeleteBucket
GET bucket encoding-type=url ListObjects
PUT bucket acl PutBucketAcl
GET bucket acl GetBucketAcl
GET bucket encoding-type=url&list-type=2 ListObjectsV2
GET bucket stat GetBucketStat
GET bucket location GetBucketLocation
GET bucket bucketInfo GetBucketInfo
PUT bucket versioning PutBucketVersioning
GET bucket versioning GetBucketVersioning
GET bucket encoding-type=url&versions ListObjectVersions
POST bucket cname&comp=add PutCname
GET bucket cname ListCname
POST bucket cname&comp=delete DeleteCname
GET bucket comp=token GetCnameToken
POST bucket cname&comp=token CreateCnameToken
PUT bucket cors PutBucketCors
GET bucket cors GetBucketCors
DELETE bucket cors DeleteBucketCors
OPTIONS object - OptionObject
POST bucket redundancyTransition&x-oss-target-redundancy-type=ZRS CreateBucketDataRedundancyTransition
GET bucket redundancyTransition GetBucketDataRedundancyTransition
GET bucket redundancyTransition ListBucketDataRedundancyTransition
GET service redundancyTransition ListUserDataRedundancyTransition
DELETE bucket redundancyTransition&x-oss-redundancy-transition-taskid=1 DeleteBucketDataRedundancyTransition
PUT bucket encryption PutBucketEncryption
GET bucket encryption GetBucketEncryption
DELETE bucket encryption DeleteBucketEncryption
GET bucket httpsConfig GetBucketHttpsConfig
PUT bucket httpsConfig PutBucketHttpsConfig
PUT bucket inventory&inventoryId=i PutBucketInventory
GET bucket inventory&inventoryId=i GetBucketInventory
GET bucket inventory ListBucketInventory
DELETE bucket inventory&inventoryId=i DeleteBucketInventory
PUT bucket lifecycle PutBucketLifecycle
GET bucket lifecycle GetBucketLifecycle
DELETE bucket lifecycle DeleteBucketLifecycle
PUT bucket logging PutBucketLogging
GET bucket logging GetBucketLogging
DELETE bucket logging DeleteBucketLogging
PUT bucket userDefinedLogFieldsConfig PutUserDefinedLogFieldsConfig
GET bucket userDefinedLogFieldsConfig GetUserDefinedLogFieldsConfig
DELETE bucket userDefinedLogFieldsConfig DeleteUserDefinedLogFieldsConfig
GET bucket metaQuery GetMetaQueryStatus
POST bucket comp=delete&metaQuery CloseMetaQuery
POST bucket comp=query&metaQuery DoMetaQuery
POST bucket comp=add&metaQuery OpenMetaQuery
POST bucket metadataConfiguration CreateBucketMetadataConfiguration
GET bucket metadataConfiguration GetBucketMetadataConfiguration
DELETE bucket metadataConfiguration DeleteBucketMetadataConfiguration
PUT bucket metadataInventoryTable UpdateBucketMetadataInventoryTableConfiguration
PUT bucket metadataJournalTable UpdateBucketMetadataJournalTableConfiguration
PUT bucket objectWorm PutBucketObjectWormConfiguration
GET bucket objectWorm GetBucketObjectWormConfiguration
PUT bucket overwriteConfig PutBucketOverwriteConfig
GET bucket overwriteConfig GetBucketOverwriteConfig
DELETE bucket overwriteConfig DeleteBucketOverwriteConfig
PUT bucket policy PutBucketPolicy
GET bucket policy GetBucketPolicy
DELETE bucket policy DeleteBucketPolicy
GET bucket policyStatus GetBucketPolicyStatus
GET bucket publicAccessBlock GetBucketPublicAccessBlock
PUT bucket publicAccessBlock PutBucketPublicAccessBlock
DELETE bucket publicAccessBlock DeleteBucketPublicAccessBlock
PUT bucket referer PutBucketReferer
GET bucket referer GetBucketReferer
PUT bucket rtc PutBucketRtc
POST bucket comp=add&replication PutBucketReplication
GET bucket replication GetBucketReplication
GET bucket replicationLocation GetBucketReplicationLocation
GET bucket replicationProgress GetBucketReplicationProgress
POST bucket comp=delete&replication DeleteBucketReplication
PUT bucket requestPayment PutBucketRequestPayment
GET bucket requestPayment GetBucketRequestPayment
GET bucket resourceGroup GetBucketResourceGroup
PUT bucket resourceGroup PutBucketResourceGroup
PUT bucket quota PutBucketStorageQuota
GET bucket quota GetBucketStorageQuota
DELETE bucket quota DeleteBucketStorageQuota
PUT bucket style&styleName=s PutStyle
GET bucket style ListStyle
GET bucket style&styleName=s GetStyle
DELETE bucket style&styleName=s DeleteStyle
PUT bucket tagging PutBucketTags
GET bucket tagging GetBucketTags
DELETE bucket tagging DeleteBucketTags
PUT bucket transferAcceleration PutBucketTransferAcceleration
GET bucket transferAcceleration GetBucketTransferAcceleration
GET bucket website GetBucketWebsite
PUT bucket website PutBucketWebsite
DELETE bucket website DeleteBucketWebsite
POST bucket worm InitiateBucketWorm
DELETE bucket worm AbortBucketWorm
POST bucket wormId=1 CompleteBucketWorm
POST bucket wormExtend&wormId=1 ExtendBucketWorm
GET bucket worm GetBucketWorm
GET service cloudboxes ListCloudBoxes
POST bucket MetaQuery DoMetaQueryAction
POST service dataPipeline DoDataPipelineAction
PUT object - PutObject
HEAD object - HeadObject
GET object - GetObject
POST object append&position=0 AppendObject
PUT object - CopyObject
DELETE object - DeleteObject
POST bucket delete&encoding-type=url DeleteMultipleObjects
HEAD object objectMeta GetObjectMeta
POST object restore RestoreObject
PUT object acl PutObjectAcl
GET object acl GetObjectAcl
POST object uploads&encoding-type=url InitiateMultipartUpload
PUT object partNumber=1&uploadId=U UploadPart
PUT object partNumber=1&uploadId=U UploadPartCopy
POST object uploadId=U CompleteMultipartUpload
DELETE object uploadId=U AbortMultipartUpload
GET bucket encoding-type=url&uploads ListMultipartUploads
GET object uploadId=U ListParts
PUT object symlink PutSymlink
GET object symlink GetSymlink
PUT object tagging PutObjectTagging
GET object tagging GetObjectTagging
DELETE object tagging DeleteObjectTagging
POST object x-oss-process ProcessObject
POST object x-oss-async-process AsyncProcessObject
POST object cleanRestoredObject CleanRestoredObject
POST object seal SealAppendObject
PUT object retention PutObjectRetention
GET object retention GetObjectRetention
PUT object legalHold PutObjectLegalHold
GET object legalHold GetObjectLegalHold
GET service publicAccessBlock GetPublicAccessBlock
PUT service publicAccessBlock PutPublicAccessBlock
DELETE service publicAccessBlock DeletePublicAccessBlock
GET service regions DescribeRegions
POST object x-oss-process=csv/select SelectObject
POST object x-oss-process=csv/meta CreateSelectObjectMeta
GET service - ListBuckets
`
  .trim()
  .split('\n')
  .map((line) => {
    const [method = '', level, query = '', name = ''] = line.split(' ')
    return [method, level as 'bucket', query === '-' ? '' : query, name] as const
  })

/** Names of those that the embedded OSS serves; the others answer 501. */
export const SERVED: ReadonlySet<string> = new Set(
  `ListBuckets PutBucket DeleteBucket ListObjects PutBucketAcl GetBucketAcl ListObjectsV2 GetBucketStat
  GetBucketLocation GetBucketInfo GetBucketVersioning ListObjectVersions PutBucketCors GetBucketCors
  DeleteBucketCors OptionObject PutBucketEncryption GetBucketEncryption DeleteBucketEncryption
  PutBucketLifecycle GetBucketLifecycle DeleteBucketLifecycle PutBucketLogging GetBucketLogging
  DeleteBucketLogging PutBucketOverwriteConfig GetBucketOverwriteConfig DeleteBucketOverwriteConfig
  PutBucketPolicy GetBucketPolicy DeleteBucketPolicy GetBucketPolicyStatus GetBucketPublicAccessBlock
  PutBucketPublicAccessBlock DeleteBucketPublicAccessBlock PutBucketReferer GetBucketReferer
  GetBucketResourceGroup PutBucketResourceGroup PutBucketTags GetBucketTags DeleteBucketTags
  PutBucketTransferAcceleration GetBucketTransferAcceleration GetBucketWebsite PutBucketWebsite
  DeleteBucketWebsite PutObject HeadObject GetObject AppendObject CopyObject DeleteObject
  DeleteMultipleObjects GetObjectMeta PutObjectAcl GetObjectAcl InitiateMultipartUpload UploadPart
  UploadPartCopy CompleteMultipartUpload AbortMultipartUpload ListMultipartUploads ListParts PutSymlink
  GetSymlink PutObjectTagging GetObjectTagging DeleteObjectTagging PutAccessPointPublicAccessBlock
  GetAccessPointPublicAccessBlock DeleteAccessPointPublicAccessBlock`.split(/\s+/),
)
