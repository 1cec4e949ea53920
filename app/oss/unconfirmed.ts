/**
 * What no public source settles about OSS, and what is assumed here instead. The code reads these
 * constants, so that a fact learned later is changed in one place. Where nothing is known the
 * stricter reading is taken: a client that works here should work there.
 */
export const ASSUMED = {
  /** Form field names match in any case (one page says insensitive, two say sensitive). */
  fieldNamesIgnoreCase: true,
  /** A second field of the same name is refused as a malformed form; no page speaks of it. */
  refuseDuplicateFields: true,
  /** A field behind `file` is refused, although some samples end with a `submit` button. */
  refuseFieldsAfterFile: true,
  /** Bytes of one form field's value; another page says 4 KB. */
  fieldValueBytes: 2 * 1024 * 1024,
  /**
   * Under V4 every x-oss-* field but x-oss-signature needs a condition; the documented case is the
   * signature's own fields.
   */
  v4CoversEveryOssField: true,
  /** A PostObject's ETag is a random value, never the MD5: clients must not compare it. */
  postEtagIsRandom: true,
  /** success_action_redirect answers 303, with bucket, key and etag added to the query, as S3. */
  redirectStatus: 303,
  redirectAppendsQuery: true,
  /** A callback that worked answers 200, whatever success_action_status says. */
  callbackSuccessStatus: 200,
  /** Bytes of a callback's reply; another page says 3 MB. */
  callbackReplyBytes: 1024 * 1024,
  /** Allow-Origin is `*` when the matching rule's origin is `*`, else the request's own. */
  allowOriginStar: true,
  /** Allow-Methods lists every method of the matching rule, not only the asked one. */
  allowMethodsWhole: true,
  /** Error replies carry the CORS headers of a matching rule, so that browsers can read them. */
  corsOnErrors: true,
  /** A preflight for an unknown bucket is 404 NoSuchBucket. */
  preflightUnknownBucketStatus: 404,
  /** CORS rules a bucket may have; older pages say 10. */
  corsRules: 20,
  /** New buckets block public access, as those made by API do since 2025-10. */
  blockPublicAccessByDefault: true,
  /** GET ?encryption without a rule; an older table says 400. */
  noEncryptionStatus: 404,
  /** The same bucket created again with the same settings is 200. */
  repeatedPutBucketStatus: 200,
  /** Setting an object ACL needs oss:PutObject only, not oss:PutObjectAcl too. */
  aclNeedsPutObjectAcl: false,
  /** PostObject names DeepColdArchive among its storage classes. */
  deepColdArchive: true,
  /** Neither Date nor x-oss-date: 403 AccessDenied; another page says 400 InvalidArgument. */
  missingDateStatus: 403,
  /** A V4 URL outside its window: 403 AccessDenied. */
  expiredUrlStatus: 403,
  /** SignatureDoesNotMatch of V4 also shows the CanonicalRequest. */
  showCanonicalRequest: true,
} as const
