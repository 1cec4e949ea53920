import { ASSUMED } from './unconfirmed.ts'
import type { XmlNode } from './xml.ts'

interface ErrorEntry {
  code: string
  status: number
  message: string
  /** The service's cause number; absent where no source tells it. */
  ec?: string
}

const DENIED = 'You have no right to access this object because of bucket acl.'
const FORM = 'The body of your POST request is not well-formed multipart/form-data.'
const SIGNATURE =
  'The request signature we calculated does not match the signature you provided. ' +
  'Check your key and signing method.'

/**
 * Every error, by what caused it: several causes share a Code.
 * Source: "HTTP status codes" and the EC pages of the Alibaba Cloud OSS documentation.
 */
export const ERRORS = {
  // The form
  notMultipart: {
    code: 'RequestIsNotMultiPartContent',
    status: 400,
    message: 'Bucket POST must be of the enclosure-type multipart/form-data.',
  },
  malformedForm: { code: 'MalformedPOSTRequest', status: 400, message: FORM, ec: '0006-00000103' },
  bodyCut: { code: 'MalformedPOSTRequest', status: 400, message: FORM, ec: '0006-00000104' },
  badPartHeader: { code: 'MalformedPOSTRequest', status: 400, message: FORM, ec: '0006-00000109' },
  fieldNameTooLong: {
    code: 'MalformedPOSTRequest',
    status: 400,
    message: FORM,
    ec: '0006-00000110',
  },
  unrecognizedPartHeader: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The bucket POST contains unrecognized field name.',
  },
  severalFiles: {
    code: 'IncorrectNumberOfFilesInPOSTRequest',
    status: 400,
    message: 'POST requires exactly one file upload per request.',
  },
  fieldMissing: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The bucket POST must contain the specified field.',
  },
  fieldTooLong: {
    code: 'FieldItemTooLong',
    status: 400,
    message: 'Your name of form field is too long.',
  },
  formTooLarge: {
    code: 'MaxPOSTPreDataLengthExceededError',
    status: 400,
    message: 'Your POST request fields preceding the upload file were too large.',
    ec: '0006-00000112',
  },
  badForbidOverwrite: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The value of x-oss-forbid-overwrite must be true or false.',
    ec: '0006-00000117',
  },
  userMetaTooLarge: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The user metadata is larger than 8 KB.',
  },
  invalidEncryption: {
    code: 'InvalidEncryptionAlgorithmError',
    status: 400,
    message: 'The Encryption Algorithm you specified is not valid.',
  },
  invalidStorageClass: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The storage class you specified is not valid.',
  },
  invalidObjectAcl: {
    code: 'InvalidArgument',
    status: 400,
    message: 'no such object access control exists',
  },

  // The form's signature
  badSignatureVersion: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The x-oss-signature-version of the POST request is invalid.',
    ec: '0002-00000701',
  },
  policyMissing: {
    code: 'InvalidArgument',
    status: 400,
    message:
      "The bucket POST must contain the specified 'policy'. " +
      'If it is specified, please check the order of the fields',
    ec: '0002-00000702',
  },
  postSignatureEmpty: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Post request signature is empty.',
    ec: '0002-00000704',
  },
  postSignatureMismatch: {
    code: 'SignatureDoesNotMatch',
    status: 403,
    message: SIGNATURE,
    ec: '0002-00000705',
  },
  accessKeyMissing: {
    code: 'InvalidArgument',
    status: 400,
    message:
      "The bucket POST must contain the specified 'OSSAccessKeyId'. " +
      'If it is specified, please check the order of the fields',
    ec: '0002-00000706',
  },
  accessKeyEmpty: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Post request accessKeyId is empty.',
    ec: '0002-00000707',
  },
  badPostCredential: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The x-oss-credential of the POST request is invalid.',
    ec: '0002-00000708',
  },
  badPostDate: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The x-oss-date of the POST request is invalid.',
    ec: '0002-00000709',
  },
  badPostCredentialEnd: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The x-oss-credential of the POST request must end with aliyun_v4_request.',
    ec: '0002-00000710',
  },
  badSigningRegion: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Invalid signing region in Authorization header.',
    ec: '0002-00000226',
  },
  badPostRegion: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Invalid signing region in x-oss-credential.',
    ec: '0002-00000228',
  },

  // The policy
  policyMalformed: policy('201', 'The policy is not valid base64 of UTF-8.'),
  policyNotJson: policy('204', 'Invalid JSON: the policy is not a JSON object.'),
  conditionsMissing: policy('207', 'Policy missing conditions.'),
  expirationMissing: policy('208', 'Policy missing expiration.'),
  policyEmpty: policy('209', 'Policy missing expiration and conditions.'),
  expirationNotText: policy('210', 'The expiration must be a string.'),
  expirationEmpty: policy('211', 'The expiration is empty.'),
  expirationFormat: policy('212', 'The expiration must be in ISO 8601 format.'),
  conditionsEmpty: policy('215', 'The conditions are empty.'),
  conditionNoOperator: policy('216', 'Invalid Condition: the operator is missing.'),
  conditionUnknownOperator: policy('217', 'Invalid Condition: unknown operator.'),
  conditionTooManyItems: policy('218', 'Invalid Condition: wrong number of items.'),
  rangeReversed: policy('219', 'Invalid content-length-range: the maximum is below the minimum.'),
  rangeNotIntegers: policy('221', 'Invalid content-length-range: the limits must be integers.'),
  conditionKind: policy('222', 'Invalid Condition: each must be a map or a list.'),
  conditionOperand: policy('224', 'Invalid Condition: wrong type of operand.'),
  simpleCondition: {
    code: 'InvalidPolicyDocument',
    status: 400,
    message:
      'Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one ' +
      'property specified.',
    ec: '0006-00000201',
  },
  policyExpired: {
    code: 'AccessDenied',
    status: 403,
    message: 'Invalid according to Policy: Policy expired.',
    ec: '0006-00000213',
  },
  conditionFieldAbsent: {
    code: 'AccessDenied',
    status: 403,
    message: 'Invalid according to Policy: Policy Condition failed',
    ec: '0006-00000226',
  },
  conditionFailed: {
    code: 'AccessDenied',
    status: 403,
    message: 'Invalid according to Policy: Policy Condition failed',
    ec: '0006-00000227',
  },
  extraField: {
    code: 'AccessDenied',
    status: 403,
    message: 'Invalid according to Policy: Extra input fields',
    ec: '0006-00000228',
  },

  // Sizes and names
  entityTooLarge: {
    code: 'EntityTooLarge',
    status: 400,
    message: 'Your proposed upload exceeds the maximum allowed size.',
    ec: '0006-00000003',
  },
  entityTooSmall: {
    code: 'EntityTooSmall',
    status: 400,
    message: 'Your proposed upload smaller than the minimum allowed size.',
    ec: '0006-00000004',
  },
  partTooSmall: {
    code: 'EntityTooSmall',
    status: 400,
    message: 'Your proposed upload smaller than the minimum allowed size.',
  },
  invalidObjectName: {
    code: 'InvalidObjectName',
    status: 400,
    message: 'The specified object is not valid.',
  },
  objectNameTooLong: {
    code: 'InvalidObjectName',
    status: 400,
    message: 'The Length of Object name must be less than 1024',
  },
  invalidBucketName: {
    code: 'InvalidBucketName',
    status: 400,
    message: 'The specified bucket is not valid.',
  },
  invalidDigest: {
    code: 'InvalidDigest',
    status: 400,
    message: 'The Content-MD5 you specified was invalid.',
  },
  missingContentLength: {
    code: 'MissingContentLength',
    status: 411,
    message: 'You must provide the Content-Length HTTP header.',
  },
  requestTimeout: {
    code: 'RequestTimeout',
    status: 400,
    message:
      'Your socket connection to the server was not read from or written to within the ' +
      'timeout period.',
  },
  invalidUri: { code: 'InvalidURI', status: 400, message: "Couldn't parse the specified URI." },
  invalidArgument: { code: 'InvalidArgument', status: 400, message: 'Invalid Argument.' },
  malformedXml: {
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our schema.',
    ec: '0031-00000001',
  },
  malformedComplete: {
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our schema.',
    ec: '0042-00000205',
  },
  malformedDelete: {
    code: 'MalformedXML',
    status: 400,
    message: 'The XML you provided was not well-formed or did not validate against our schema.',
    ec: '0016-00000608',
  },

  // Keys, signatures and permissions
  invalidAccessKeyId: {
    code: 'InvalidAccessKeyId',
    status: 403,
    message: 'The OSS Access Key Id you provided does not exist in our records.',
    ec: '0002-00000902',
  },
  invalidSecurityToken: {
    code: 'InvalidSecurityToken',
    status: 403,
    message: 'The security token you provided is invalid.',
  },
  securityTokenExpired: {
    code: 'SecurityTokenExpired',
    status: 403,
    message: 'The security token you provided has expired.',
  },
  tokenKeyMismatch: {
    code: 'AccessKeyIdAndSecurityTokenNotMatch',
    status: 403,
    message: 'The access key id and the security token do not match.',
  },
  signatureMismatch: {
    code: 'SignatureDoesNotMatch',
    status: 403,
    message: SIGNATURE,
    ec: '0002-00000040',
  },
  skewed: {
    code: 'RequestTimeTooSkewed',
    status: 403,
    message: 'The difference between the request time and the current time is too large.',
    ec: '0002-00000504',
  },
  dateMissing: {
    code: 'AccessDenied',
    status: ASSUMED.missingDateStatus,
    message: 'OSS authentication requires a valid Date.',
    ec: '0002-00000503',
  },
  badSignDate: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Invalid signing date in Authorization header.',
    ec: '0002-00000212',
  },
  badCredential: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Invalid Credential in Authorization header.',
    ec: '0002-00000213',
  },
  expiresMissing: {
    code: 'InvalidArgument',
    status: 400,
    message: 'x-oss-expires must be a number of seconds from 1 to 604800.',
    ec: '0002-00000215',
  },
  urlExpiredV1: {
    code: 'AccessDenied',
    status: 403,
    message: 'Request has expired.',
    ec: '0002-00000069',
  },
  urlExpired: {
    code: 'AccessDenied',
    status: ASSUMED.expiredUrlStatus,
    message: 'Request has expired.',
    ec: '0002-00000236',
  },
  deniedByBucketAcl: { code: 'AccessDenied', status: 403, message: DENIED, ec: '0003-00000001' },
  anonymousBucketCall: {
    code: 'AccessDenied',
    status: 403,
    message: 'Anonymous access is forbidden for this operation.',
    ec: '0003-00000002',
  },
  anonymousPost: { code: 'AccessDenied', status: 403, message: DENIED, ec: '0003-00000005' },
  explicitDeny: {
    code: 'AccessDenied',
    status: 403,
    message: 'Access denied by bucket policy.',
    ec: '0003-00000201',
  },
  implicitDeny: {
    code: 'AccessDenied',
    status: 403,
    message: 'You have no right to access this object.',
    ec: '0003-00000202',
  },
  wrongEndpoint: {
    code: 'AccessDenied',
    status: 403,
    message:
      'The bucket you are attempting to access must be addressed using the specified ' +
      'endpoint. Please send all future requests to this endpoint.',
    ec: '0003-00001403',
  },
  pathStyle: {
    code: 'SecondLevelDomainForbidden',
    status: 403,
    message: 'Please use virtual hosted style to access.',
  },
  publicObjectAcl: {
    code: 'AccessDenied',
    status: 403,
    message: 'Put public object acl is not allowed',
    ec: '0016-00000901',
  },
  publicBucketAcl: {
    code: 'AccessDenied',
    status: 403,
    message: 'Put public bucket acl is not allowed',
  },
  publicBucketPolicy: {
    code: 'AccessDenied',
    status: 403,
    message: 'Put public bucket policy is not allowed',
  },
  corsNotConfigured: {
    code: 'AccessForbidden',
    status: 403,
    message: corsForbidden(),
    ec: '0003-00000601',
  },
  corsNoMatch: {
    code: 'AccessForbidden',
    status: 403,
    message: corsForbidden(),
    ec: '0003-00000602',
  },
  originMissing: {
    code: 'BadRequest',
    status: 400,
    message: 'Insufficient information. Origin request header needed.',
    ec: '0034-00000101',
  },
  requestMethodMissing: {
    code: 'BadRequest',
    status: 400,
    message: 'Insufficient information. Request Access-Control-Request-Method header needed.',
    ec: '0034-00000102',
  },

  // What is there and what is not
  noSuchBucket: {
    code: 'NoSuchBucket',
    status: 404,
    message: 'The specified bucket does not exist.',
    ec: '0015-00000101',
  },
  noSuchKey: {
    code: 'NoSuchKey',
    status: 404,
    message: 'The specified key does not exist.',
    ec: '0026-00000001',
  },
  noSuchUpload: {
    code: 'NoSuchUpload',
    status: 404,
    message:
      'The specified upload does not exist. The upload ID may be invalid, or the upload may ' +
      'have been aborted or completed.',
  },
  noSuchCors: {
    code: 'NoSuchCORSConfiguration',
    status: 404,
    message: 'The CORS Configuration does not exist.',
    ec: '0034-00000001',
  },
  noSuchLifecycle: {
    code: 'NoSuchLifecycle',
    status: 404,
    message: 'No Row found in Lifecycle Table.',
  },
  noSuchBucketPolicy: {
    code: 'NoSuchBucketPolicy',
    status: 404,
    message: 'The specified bucket policy does not exist.',
  },
  noSuchEncryption: {
    code: 'NoSuchServerSideEncryptionRule',
    status: ASSUMED.noEncryptionStatus,
    message: 'The server side encryption configuration was not found.',
  },
  noSuchWebsite: {
    code: 'NoSuchWebsiteConfiguration',
    status: 404,
    message: 'The specified bucket does not have a website configuration.',
  },
  noSuchAcceleration: {
    code: 'NoSuchTransferAccelerationConfiguration',
    status: 404,
    message: 'The transfer acceleration configuration does not exist.',
  },
  fileAlreadyExists: {
    code: 'FileAlreadyExists',
    status: 409,
    message: 'The object you specified already exists and can not be overwritten.',
  },
  bucketTaken: {
    code: 'BucketAlreadyExists',
    status: 409,
    message:
      'The requested bucket name is not available. The bucket namespace is shared by all users ' +
      'of the system. Please select a different name and try again.',
    ec: '0015-00000104',
  },
  bucketStorageClass: {
    code: 'BucketAlreadyExists',
    status: 409,
    message: "Cannot modify existing bucket's storage class",
    ec: '0015-00000104',
  },
  bucketNotEmpty: {
    code: 'BucketNotEmpty',
    status: 409,
    message: 'The bucket has objects. Please delete them first.',
    ec: '0015-00000301',
  },
  badListType: {
    code: 'InvalidArgument',
    status: 400,
    message: 'list-type must be 2.',
    ec: '0015-00000401',
  },
  invalidBucketAcl: {
    code: 'InvalidArgument',
    status: 400,
    message: 'no such bucket access control exists',
  },
  invalidPart: {
    code: 'InvalidPart',
    status: 400,
    message:
      "One or more of the specified parts could not be found or the specified entity tag might " +
      "not have matched the part's entity tag.",
  },
  invalidPartOrder: {
    code: 'InvalidPartOrder',
    status: 400,
    message:
      'The list of parts was not in ascending order. Parts list must be specified in order by ' +
      'part number.',
  },
  preconditionFailed: {
    code: 'PreconditionFailed',
    status: 412,
    message: 'At least one of the pre-conditions you specified did not hold.',
  },
  invalidRange: {
    code: 'InvalidRange',
    status: 416,
    message: 'The requested range cannot be satisfied.',
  },
  methodNotAllowed: {
    code: 'MethodNotAllowed',
    status: 405,
    message: 'The specified method is not allowed against this resource.',
  },
  notImplemented: {
    code: 'NotImplemented',
    status: 501,
    message: 'A header or query you provided implies functionality that is not implemented.',
  },
  internalError: {
    code: 'InternalError',
    status: 500,
    message: 'We encountered an internal error. Please try again.',
  },

  // CORS configuration
  tooManyCorsRules: {
    code: 'CORSRuleBeyondLimit',
    status: 400,
    message: 'The CORS Rules num is beyond limit.',
    ec: '0034-00000006',
  },
  corsOriginMissing: {
    code: 'InvalidArgument',
    status: 400,
    message: 'Each CORSRule needs at least one AllowedOrigin.',
    ec: '0034-00000008',
  },
  corsOriginInvalid: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The AllowedOrigin of the CORSRule is invalid.',
    ec: '0034-00000009',
  },
  corsExposeWildcard: {
    code: 'InvalidArgument',
    status: 400,
    message: 'ExposeHeader must not contain the wildcard.',
    ec: '0034-00000013',
  },

  // Callbacks
  callbackFailed: {
    code: 'CallbackFailed',
    status: 203,
    message: 'Error status : 500.',
    ec: '0007-00000203',
  },
  callbackTooLarge: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The callback configuration is too long.',
    ec: '0007-00000001',
  },
  badCallback: {
    code: 'InvalidArgument',
    status: 400,
    message: 'The callback configuration is not json format.',
  },
} as const satisfies Record<string, ErrorEntry>

export type ErrorName = keyof typeof ERRORS

/** An error as the client sees it. */
export class OssError extends Error {
  readonly entry: ErrorName
  readonly code: string
  readonly status: number
  readonly ec: string | undefined
  /** Elements that stand between HostId and EC. */
  readonly extras: readonly XmlNode[]

  constructor(entry: ErrorName, details: ErrorDetails = {}) {
    const known: ErrorEntry = ERRORS[entry]
    super(details.message ?? known.message)
    this.name = 'OssError'
    this.entry = entry
    this.code = known.code
    this.status = known.status
    this.ec = known.ec
    this.extras = (details.extras ?? []).map(([name, content]) => ({ name, content }))
  }
}

export interface ErrorDetails {
  /** Instead of the table's. */
  message?: string
  extras?: readonly (readonly [name: string, content: XmlNode['content']])[]
}

/** @example throw ossError('noSuchKey', { extras: [['Key', key]] }) */
export function ossError(entry: ErrorName, details?: ErrorDetails): OssError {
  return new OssError(entry, details)
}

/** An InvalidArgument with the name and value that were wrong. */
export function badArgument(name: string, value: string, message?: string): OssError {
  return new OssError('invalidArgument', {
    ...(message === undefined ? {} : { message }),
    extras: [
      ['ArgumentName', name],
      ['ArgumentValue', value],
    ],
  })
}

function policy(number: string, message: string) {
  return {
    code: 'InvalidPolicyDocument',
    status: 400,
    message: `Invalid Policy: ${message}`,
    ec: `0006-00000${number}`,
  } as const
}

function corsForbidden(): string {
  // The misspellings are the service's own.
  return (
    'CORSResponse: This CORS request is not allowed. This is usually because the evalution of ' +
    'Origin, request method / Access-Control-Request-Method or Access-Control-Requet-Headers ' +
    "are not whitelisted by the resource's CORS spec."
  )
}
