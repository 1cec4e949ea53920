/** Any request. Format: see `oss-error.ts`. */
export const GENERAL_ERRORS = {
  internalError: '500 InternalError We encountered an internal error. Please try again.',
  invalidUri: "400 InvalidURI Couldn't parse the specified URI.",
  methodNotAllowed:
    '405 MethodNotAllowed The specified method is not allowed against this resource.',
  missingContentLength: '411 MissingContentLength You must provide the Content-Length HTTP header.',
  noSuchBucket: '404 NoSuchBucket 0015-00000101 The specified bucket does not exist.',
  notImplemented:
    '501 NotImplemented A header or a query you provided implies functionality that is not implemented.',
  requestCut: '400 IncompleteBody The request body was shorter than its Content-Length.',
  secondLevelDomainForbidden:
    '403 SecondLevelDomainForbidden Please use virtual hosted style to access.',
  serviceUnavailable:
    '503 ServiceUnavailable The service is temporarily unavailable. Please try again.',
  tooManyRequests:
    '503 RequestThrottled The requests of this account are too frequent. Please slow down.',
  diskUnusable: '500 InternalError The disk of the embedded OSS is full or cannot be written to.',
  hostNotAllowed: '421 InvalidHost This server does not answer for the requested host.',
} as const
