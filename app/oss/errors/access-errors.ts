/** Access control and request signatures. Format: see `oss-error.ts`. */
export const ACCESS_ERRORS = {
  accessDeniedByAcl:
    '403 AccessDenied 0003-00000001 You have no right to access this object because of bucket acl.',
  accessDeniedByPolicy: '403 AccessDenied 0003-00000201 Access denied by bucket policy.',
  accessDeniedByRam: '403 AccessDenied 0003-00000202 You have no right to access this object.',
  anonymousBucketCall:
    '403 AccessDenied 0003-00000002 Anonymous access is forbidden for this operation.',
  authorizationInvalid: '400 InvalidArgument 0002-00000213 The Authorization header is invalid.',
  authorizationScopeInvalid:
    '400 InvalidArgument 0002-00000226 Invalid signing region in Authorization header.',
  authorizationTwice:
    '400 InvalidArgument Authorization must be in either the header or the query, not both.',
  dateMissing: '403 AccessDenied 0002-00000503 OSS authentication requires a valid Date.',
  expiresInvalid:
    "400 InvalidArgument 0002-00000215 The query parameter 'x-oss-expires' must be from 1 to 604800.",
  invalidAccessKeyId:
    '403 InvalidAccessKeyId 0002-00000902 The OSS Access Key Id you provided does not exist in our records.',
  publicAclForbidden: '403 AccessDenied 0016-00000901 Put public object acl is not allowed',
  publicBucketAclForbidden: '403 AccessDenied Put public bucket acl is not allowed',
  publicEndpointForbidden:
    '400 PublicEndpointForbidden 0048-00000401 Data of buckets on the Chinese mainland cannot be reached by the public endpoint from this account. Please use a custom domain.',
  publicPolicyForbidden: '403 AccessDenied Put public bucket policy is not allowed',
  requestTimeTooSkewed:
    '403 RequestTimeTooSkewed 0002-00000504 The difference between the request time and the current time is too large.',
  securityTokenExpired: '403 SecurityTokenExpired The security token you provided has expired.',
  securityTokenInvalid: '403 InvalidSecurityToken The security token you provided is invalid.',
  signatureDoesNotMatch:
    '403 SignatureDoesNotMatch 0002-00000705 The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  signedDateInvalid: '400 InvalidArgument 0002-00000212 The date of the signature is invalid.',
  urlExpired: '403 AccessDenied 0002-00000236 Request has expired.',
  urlExpiredV1: '403 AccessDenied 0002-00000069 Request has expired.',
  wrongEndpoint:
    '403 AccessDenied 0003-00001403 The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
} as const
