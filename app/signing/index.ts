/** Signing for Alibaba Cloud OSS: pure functions over node:crypto, no I/O. */
export { BUCKET_NAME_RULE, isBucketName } from './bucket-name.ts'
export {
  type CanonicalInput,
  canonicalRequestV4,
  encodeKey,
  encodeUri,
  stringToSignV4,
} from './canonical-request.ts'
export type { Credentials } from './credentials.ts'
export type {
  FormField,
  PostFormInput,
  PostObjectTarget,
  PostPrefixTarget,
  SignatureVersion,
  SignedPostForm,
} from './form-types.ts'
export { MULTIPART_LIMITS, partCount, partLength, partSizeFor } from './multipart-limits.ts'
export { signPostForm } from './post-form.ts'
export { POST_LIMITS } from './post-limits.ts'
export {
  encodePolicy,
  type PolicyCondition,
  type PostPolicy,
  signPolicyV1,
  signPolicyV4,
} from './post-policy.ts'
export { type PresignInput, presignUrl } from './presigned-url.ts'
export { isRegion, REGION_RULE } from './region.ts'
export { SigningError, type SigningErrorCode } from './signing-error.ts'
export { credentialScope, deriveSigningKey, signV4 } from './signing-key.ts'
export { type UtcTime, utcTime } from './utc-time.ts'
