const orderHint = 'If it is specified, please check the order of the fields'

/** PostObject: form, policy, signature. Status, Code, Message, EC. */
export const POST_ERRORS = {
  accessKeyIdMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'OSSAccessKeyId'. ${orderHint}`,
    '0002-00000706',
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
  fieldItemTooLong: [400, 'FieldItemTooLong', 'Your name of form field is too long.', ''],
  fileMissing: [
    400,
    'InvalidArgument',
    `The bucket POST must contain the specified 'file'. ${orderHint}`,
    '0006-00000107',
  ],
  incorrectNumberOfFiles: [
    400,
    'IncorrectNumberOfFilesInPOSTRequest',
    'POST requires exactly one file upload per request.',
    '',
  ],
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
  signatureEmpty: [400, 'InvalidArgument', 'Post request signature is empty.', '0002-00000704'],
  signatureVersionInvalid: [
    400,
    'InvalidArgument',
    "The 'x-oss-signature-version' field is invalid.",
    '0002-00000701',
  ],
} as const
