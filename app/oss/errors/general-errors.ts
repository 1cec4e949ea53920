/** Any request. Status, Code, Message, EC. */
export const GENERAL_ERRORS = {
  internalError: [500, 'InternalError', 'We encountered an internal error. Please try again.', ''],
  methodNotAllowed: [
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    '',
  ],
  noSuchBucket: [404, 'NoSuchBucket', 'The specified bucket does not exist.', '0015-00000101'],
  secondLevelDomainForbidden: [
    403,
    'SecondLevelDomainForbidden',
    'Please use virtual hosted style to access.',
    '',
  ],
  notImplemented: [
    501,
    'NotImplemented',
    'A header or a query you provided implies functionality that is not implemented.',
    '',
  ],
  invalidUri: [400, 'InvalidURI', "Couldn't parse the specified URI.", ''],
  serviceUnavailable: [
    503,
    'ServiceUnavailable',
    'The service is temporarily unavailable. Please try again.',
    '',
  ],
  tooManyRequests: [
    503,
    'RequestThrottled',
    'The requests of this account are too frequent. Please slow down.',
    '',
  ],
  missingContentLength: [
    411,
    'MissingContentLength',
    'You must provide the Content-Length HTTP header.',
    '',
  ],
  requestCut: [400, 'IncompleteBody', 'The request body was shorter than its Content-Length.', ''],
  requestTimeout: [
    400,
    'RequestTimeout',
    'Your socket connection to the server was not read from or written to within the timeout period.',
    '',
  ],
} as const
