/** Buckets and their documents. Format: see `oss-error.ts`. */
export const BUCKET_ERRORS = {
  aclInvalid: '400 InvalidArgument no such bucket access control exists',
  bucketAlreadyExists:
    '409 BucketAlreadyExists 0015-00000104 The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.',
  bucketNotEmpty:
    '409 BucketNotEmpty 0015-00000301 The bucket has objects. Please delete them first.',
  corsHeaderInvalid: '400 InvalidArgument 0034-00000013 The header of a CORS rule is invalid.',
  corsOriginInvalid:
    '400 InvalidArgument 0034-00000009 The AllowedOrigin of a CORS rule is invalid.',
  corsOriginMissing: '400 MalformedXML 0034-00000008 A CORS rule needs an AllowedOrigin.',
  corsRulesBeyondLimit: '400 CORSRuleBeyondLimit 0034-00000006 The CORS Rules num is beyond limit.',
  invalidArgument: '400 InvalidArgument The argument is invalid.',
  invalidBucketName: '400 InvalidBucketName The specified bucket is not valid.',
  invalidDigest: '400 InvalidDigest The Content-MD5 you specified was invalid.',
  invalidLocationConstraint:
    '400 InvalidLocationConstraint The specified location-constraint is not valid.',
  listTypeInvalid: '400 InvalidArgument 0015-00000401 The list-type must be 2.',
  malformedPolicy: '400 MalformedPolicy The bucket policy is malformed.',
  malformedXml:
    '400 MalformedXML 0031-00000001 The XML you provided was not well-formed or did not validate against our published schema.',
  noSuchBucketPolicy: '404 NoSuchBucketPolicy The specified bucket policy does not exist.',
  noSuchCorsConfiguration:
    '404 NoSuchCORSConfiguration 0034-00000001 The CORS Configuration does not exist.',
  noSuchEncryptionRule:
    '404 NoSuchServerSideEncryptionRule The server side encryption configuration was not found.',
  noSuchLifecycle: '404 NoSuchLifecycle No Row found in Lifecycle Table.',
  noSuchOverwriteConfig:
    '404 NoSuchBucketOverwriteConfig The bucket has no overwrite configuration.',
  noSuchTransferAcceleration:
    '404 NoSuchTransferAccelerationConfiguration The specified bucket does not have a transfer acceleration configuration.',
  noSuchWebsite:
    '404 NoSuchWebsiteConfiguration The specified bucket does not have a website configuration.',
  tooManyBuckets: '400 TooManyBuckets You have attempted to create more buckets than allowed.',
} as const
