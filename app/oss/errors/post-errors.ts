/** PostObject: form, policy and signature. Format: see `oss-error.ts`. */
export const POST_ERRORS = {
  accessKeyIdEmpty: '400 InvalidArgument 0002-00000707 Post request accessKeyId is empty.',
  accessKeyIdMissing:
    "400 InvalidArgument 0002-00000706 The bucket POST must contain the specified 'OSSAccessKeyId'. If it is specified, please check the order of the fields",
  credentialInvalid: "400 InvalidArgument 0002-00000708 The 'x-oss-credential' field is invalid.",
  credentialScopeInvalid:
    "400 InvalidArgument 0002-00000710 The 'x-oss-credential' field must end with 'aliyun_v4_request'.",
  dateInvalid: "400 InvalidArgument 0002-00000709 The 'x-oss-date' field is invalid.",
  fieldItemTooLong: '400 FieldItemTooLong Your name of form field is too long.',
  fieldNameTooLong:
    '400 MalformedPOSTRequest 0006-00000110 The body of your POST request is not well-formed multipart/form-data.',
  fileMissing:
    "400 InvalidArgument 0006-00000107 The bucket POST must contain the specified 'file'. If it is specified, please check the order of the fields",
  incorrectNumberOfFiles:
    '400 IncorrectNumberOfFilesInPOSTRequest POST requires exactly one file upload per request.',
  invalidPolicyDocument: '400 InvalidPolicyDocument 0006-00000201 Invalid Policy.',
  keyMissing:
    "400 InvalidArgument The bucket POST must contain the specified 'key'. If it is specified, please check the order of the fields",
  malformedBodyCut:
    '400 MalformedPOSTRequest 0006-00000104 The body of your POST request is not well-formed multipart/form-data.',
  malformedForm:
    '400 MalformedPOSTRequest 0006-00000103 The body of your POST request is not well-formed multipart/form-data.',
  malformedPartHead:
    '400 MalformedPOSTRequest 0006-00000109 The body of your POST request is not well-formed multipart/form-data.',
  partHeadTooLong:
    '400 MalformedPOSTRequest 0006-00000110 The body of your POST request is not well-formed multipart/form-data.',
  policyExpired: '403 AccessDenied 0006-00000213 Invalid according to Policy: Policy expired.',
  policyExtraFields:
    '403 AccessDenied 0006-00000228 Invalid according to Policy: Extra input fields',
  policyFailed:
    '403 AccessDenied 0006-00000227 Invalid according to Policy: Policy Condition failed',
  policyFieldAbsent:
    '403 AccessDenied 0006-00000226 Invalid according to Policy: Policy Condition failed',
  policyMissing:
    "400 InvalidArgument 0002-00000702 The bucket POST must contain the specified 'policy'. If it is specified, please check the order of the fields",
  preDataTooLarge:
    '400 MaxPOSTPreDataLengthExceededError 0006-00000112 Your POST request fields preceding the upload file were too large.',
  regionInvalid:
    '400 InvalidArgument 0002-00000228 Invalid signing region in Authorization header.',
  requestNotMultipart:
    '400 RequestIsNotMultiPartContent 0006-00000101 Bucket POST must be of the enclosure-type multipart/form-data.',
  signatureEmpty: '400 InvalidArgument 0002-00000704 Post request signature is empty.',
  signatureMissing:
    "400 InvalidArgument 0002-00000703 The bucket POST must contain the specified 'Signature'. If it is specified, please check the order of the fields",
  signatureVersionInvalid:
    "400 InvalidArgument 0002-00000701 The 'x-oss-signature-version' field is invalid.",
  unknownPartHeader: '400 InvalidArgument The bucket POST contains unrecognized field name.',
} as const
