/**
 * Query parameters that select an operation. Sources: the operations of the official SDKs for Python (v2
 * 1.4.1) and Go (v2 1.6.1), and the names that the SDKs' V1 signers cover.
 */
export const SUBRESOURCES: ReadonlySet<string> = new Set(
  `accessPoint accessPointPolicy accessmonitor acl append asyncFetch bucketArchiveDirectRead bucketInfo
  cleanRestoredObject cloudboxes cname comp cors dataPipeline delete encryption group httpsConfig img
  inventory legalHold lifecycle link list-type live location logging MetaQuery metaQuery
  metadataConfiguration metadataInventoryTable metadataJournalTable objectInfo objectMeta objectWorm
  overwriteConfig policy policyStatus processConfiguration publicAccessBlock qos qosInfo qosRequester quota
  redundancyTransition referer regionList regions replication replicationLocation replicationProgress
  requestPayment requesterQosInfo resourceGroup resourcePool resourcePoolBuckets resourcePoolInfo
  responseHeader restore retention rtc seal select/meta stat status style symlink tagging
  transferAcceleration udf udfApplication udfApplicationLog udfImage udfImageDesc uploadId uploads
  userDefinedLogFieldsConfig versioning versions vod website worm wormExtend wormId writeGetObjectResponse
  x-oss-async-process x-oss-process x-oss-write-get-object-response`.split(/\s+/),
)

/** Parameters of operations that may be empty. */
const PARAMETERS = new Set(
  `callback callback-var continuation-token delimiter encoding-type endTime fetch-owner key-marker marker
  max-keys max-parts max-uploads part-number-marker partNumber position prefix sequential start-after
  startTime upload-id-marker version-id-marker versionId`.split(/\s+/),
)

/**
 * Returns the parameters of a query that select an operation, sorted. An unknown parameter without a
 * value is one of them, because new subresources look like that: they must never fall through to the
 * plain operation of their method.
 */
export function subresourcesOf(query: ReadonlyMap<string, string>): string[] {
  return [...query]
    .filter(
      ([name, value]) => SUBRESOURCES.has(name) || isUnknown(name, value) || isVersion(name, value),
    )
    .map(([name]) => name)
    .sort()
}

function isUnknown(name: string, value: string): boolean {
  return value === '' && !PARAMETERS.has(name) && !/^(x-oss-|response-|x:)/.test(name)
}

// Without versioning, every object has the version "null".
function isVersion(name: string, value: string): boolean {
  return name === 'versionId' && value !== '' && value !== 'null'
}
