/** Objects, multipart uploads and callbacks. Format: see `oss-error.ts`. */
export const OBJECT_ERRORS = {
  callbackFailed:
    '203 CallbackFailed 0007-00000203 Error status : -1.OSS can not connect to your callbackUrl, please check it.',
  callbackInvalid: '400 InvalidArgument The callback configuration is not base64 encoded.',
  callbackTooLong: '400 InvalidArgument 0007-00000001 The callback configuration is too long.',
  deleteListMalformed:
    '400 MalformedXML 0016-00000608 The XML you provided was not well-formed or did not validate against our published schema.',
  digestMismatch: '400 InvalidDigest The Content-MD5 you specified did not match what we received.',
  encryptionInvalid:
    '400 InvalidEncryptionAlgorithmError The encryption request you specified is not valid. Supported value: AES256/KMS/SM4.',
  entityTooLarge:
    '400 EntityTooLarge 0006-00000003 Your proposed upload exceeds the maximum allowed size.',
  entityTooSmall:
    '400 EntityTooSmall 0006-00000004 Your proposed upload smaller than the minimum allowed size.',
  fileAlreadyExists:
    '409 FileAlreadyExists The object you specified already exists and can not be overwritten.',
  forbidOverwriteInvalid:
    "400 InvalidArgument 0006-00000117 The 'x-oss-forbid-overwrite' field must be true or false.",
  invalidObjectName: '400 InvalidObjectName The specified object is not valid.',
  invalidPart:
    "400 InvalidPart One or more of the specified parts could not be found or the specified entity tag might not have matched the part's entity tag.",
  invalidPartOrder: '400 InvalidPartOrder The list of parts was not in ascending order.',
  invalidRange: '416 InvalidRange The requested range cannot be satisfied.',
  metaTooLarge: '400 InvalidArgument The user metadata takes more than 8 KB.',
  noSuchKey: '404 NoSuchKey 0026-00000001 The specified key does not exist.',
  noSuchUpload:
    '404 NoSuchUpload The specified upload does not exist. The upload ID might be invalid, or the multipart upload might have been aborted or completed.',
  objectAclInvalid: '400 InvalidArgument no such object access control exists',
  partNumberInvalid:
    '400 InvalidArgument Part number must be an integer between 1 and 10000, inclusive.',
  partTooSmall: '400 EntityTooSmall Your proposed upload smaller than the minimum allowed size.',
  partsMalformed:
    '400 MalformedXML 0042-00000205 The XML you provided was not well-formed or did not validate against our published schema.',
  preconditionFailed:
    '412 PreconditionFailed At least one of the preconditions you specified did not hold.',
  storageClassInvalid: '400 InvalidArgument The storage class you specified is invalid.',
  appendPositionWrong: '409 PositionNotEqualToLength Position is not equal to file length.',
  copySourceUnchanged: '304 NotModified The copy source has not been modified.',
  objectNotAppendable: '409 ObjectNotAppendable The object is not appendable.',
  positionInvalid: '400 InvalidArgument The position must be a whole number from 0.',
  symlinkTargetInvalid: '400 InvalidTargetType The target of a symlink must not be a symlink.',
  symlinkTargetMissing: '404 SymlinkTargetNotExist The symlink target object does not exist.',
  tagInvalid: '400 InvalidTag The tags are not valid.',
} as const
