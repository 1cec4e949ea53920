const orderHint = 'If it is specified, please check the order of the fields'

/**
 * Sources: PostObject, the HTTP 400 and 403 pages and the EC pages of the Alibaba Cloud OSS
 * documentation, and replies pasted in public issues.
 */
export const ERRORS = {
  accessDeniedByRam: [
    403,
    'AccessDenied',
    'You have no right to access this object.',
    '0003-00000202',
  ],
  accessKeyIdMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'OSSAccessKeyId'. ${orderHint}`,
    '0002-00000706',
  ],
  corsNoRequestMethod: [
    400,
    'BadRequest',
    'Insufficient information. Request Access-Control-Request-Method header needed.',
    '0034-00000102',
  ],
  corsNoOrigin: [
    400,
    'BadRequest',
    'Insufficient information. Origin request header needed.',
    '0034-00000101',
  ],
  corsNotAllowed: [
    403,
    'AccessForbidden',
    "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers are not whitelisted by the resource's CORS spec.",
    '0003-00000602',
  ],
  corsNotSet: [
    403,
    'AccessForbidden',
    'CORSResponse: CORS is not enabled for this bucket.',
    '0003-00000601',
  ],
  credentialInvalid: [
    400,
    'InvalidArgument',
    "The 'x-oss-credential' field is invalid.",
    '0002-00000708',
  ],
  credentialScopeInvalid: [
    400,
    'InvalidArgument',
    "The 'x-oss-credential' field must end with 'aliyun_v4_request'.",
    '0002-00000710',
  ],
  dateInvalid: [400, 'InvalidArgument', "The 'x-oss-date' field is invalid.", '0002-00000709'],
  entityTooLarge: [
    400,
    'EntityTooLarge',
    'Your proposed upload exceeds the maximum allowed size.',
    '0006-00000003',
  ],
  entityTooSmall: [
    400,
    'EntityTooSmall',
    'Your proposed upload smaller than the minimum allowed size.',
    '0006-00000004',
  ],
  fieldItemTooLong: [400, 'FieldItemTooLong', 'Your name of form field is too long.', ''],
  fileAlreadyExists: [
    409,
    'FileAlreadyExists',
    'The object you specified already exists and can not be overwritten.',
    '',
  ],
  fileMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'file'. ${orderHint}`,
    '0006-00000107',
  ],
  forbidOverwriteInvalid: [
    400,
    'InvalidArgument',
    "The 'x-oss-forbid-overwrite' field must be true or false.",
    '0006-00000117',
  ],
  incorrectNumberOfFiles: [
    400,
    'IncorrectNumberOfFilesInPOSTRequest',
    'POST requires exactly one file upload per request.',
    '',
  ],
  internalError: [500, 'InternalError', 'We encountered an internal error. Please try again.', ''],
  invalidAccessKeyId: [
    403,
    'InvalidAccessKeyId',
    'The OSS Access Key Id you provided does not exist in our records.',
    '0002-00000902',
  ],
  invalidObjectName: [400, 'InvalidObjectName', 'The specified object is not valid.', ''],
  invalidPolicyDocument: [400, 'InvalidPolicyDocument', 'Invalid Policy.', '0006-00000201'],
  keyMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'key'. ${orderHint}`,
    '',
  ],
  malformedBodyCut: [
    400,
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    '0006-00000104',
  ],
  malformedForm: [
    400,
    'MalformedPOSTRequest',
    'The body of your POST request is not well-formed multipart/form-data.',
    '0006-00000103',
  ],
  methodNotAllowed: [
    405,
    'MethodNotAllowed',
    'The specified method is not allowed against this resource.',
    '',
  ],
  noSuchBucket: [404, 'NoSuchBucket', 'The specified bucket does not exist.', '0015-00000101'],
  noSuchKey: [404, 'NoSuchKey', 'The specified key does not exist.', '0026-00000001'],
  policyExpired: [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy expired.',
    '0006-00000213',
  ],
  policyExtraFields: [
    403,
    'AccessDenied',
    'Invalid according to Policy: Extra input fields',
    '0006-00000228',
  ],
  policyFailed: [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy Condition failed',
    '0006-00000227',
  ],
  policyFieldAbsent: [
    403,
    'AccessDenied',
    'Invalid according to Policy: Policy Condition failed',
    '0006-00000226',
  ],
  policyMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'policy'. ${orderHint}`,
    '0002-00000702',
  ],
  preDataTooLarge: [
    400,
    'MaxPOSTPreDataLengthExceededError',
    'Your POST request fields preceding the upload file were too large.',
    '0006-00000112',
  ],
  regionInvalid: [
    400,
    'InvalidArgument',
    'Invalid signing region in Authorization header.',
    '0002-00000228',
  ],
  requestNotMultipart: [
    400,
    'RequestIsNotMultiPartContent',
    'Bucket POST must be of the enclosure-type multipart/form-data.',
    '0006-00000101',
  ],
  secondLevelDomainForbidden: [
    403,
    'SecondLevelDomainForbidden',
    'Please use virtual hosted style to access.',
    '',
  ],
  securityTokenExpired: [
    403,
    'SecurityTokenExpired',
    'The security token you provided has expired.',
    '',
  ],
  securityTokenInvalid: [
    403,
    'InvalidSecurityToken',
    'The security token you provided is invalid.',
    '',
  ],
  signatureDoesNotMatch: [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    '0002-00000705',
  ],
  signatureEmpty: [400, 'InvalidArgument', 'Post request signature is empty.', '0002-00000704'],
  signatureVersionInvalid: [
    400,
    'InvalidArgument',
    "The 'x-oss-signature-version' field is invalid.",
    '0002-00000701',
  ],
} as const satisfies Record<string, readonly [number, string, string, string]>

/** Thrown by whatever refuses a request. */
export class OssError extends Error {
  readonly status: number
  readonly code: string
  readonly ec: string
  /** Elements of the XML between HostId and EC, by name. */
  readonly details: Record<string, string>

  /** @param change Replaces the table's message or EC, or adds elements of its own. */
  constructor(
    kind: keyof typeof ERRORS,
    change: { message?: string; ec?: string; details?: Record<string, string> } = {},
  ) {
    const [status, code, message, ec] = ERRORS[kind]
    super(change.message ?? message)
    this.name = 'OssError'
    this.status = status
    this.code = code
    this.ec = change.ec ?? ec
    this.details = change.details ?? {}
  }
}
