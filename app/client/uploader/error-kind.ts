import type { ErrorCode } from '../../contract/index.ts'
import type { ErrorDetails } from './upload-error.ts'

/** What went wrong, as far as it decides what the user is told to do. */
export type ErrorKind =
  | 'accessCodeRequired'
  | 'busy'
  | 'fileChanged'
  | 'clockSkew'
  | 'corsMultipart'
  | 'corsPost'
  | 'customDomainRequired'
  | 'checksumMismatch'
  | 'nameTaken'
  | 'policyExpired'
  | 'forbidden'
  | 'policyMismatch'
  | 'fileGrown'
  | 'headersNotExposed'
  | 'keyRejected'
  | 'bucketUnreachable'
  | 'noPermission'
  | 'v1NotSupported'
  | 'rateLimited'
  | 'serverUnreachable'
  | 'tokenExpired'
  | 'fileTooLarge'
  | 'typeNotAllowed'
  | 'unknown'

/** Code of a form that had expired, by the browser’s clock too, before it was asked for. */
export const SIGNED_IN_THE_PAST = 'SignedInThePast'

const BY_EC: Record<string, ErrorKind> = {
  '0002-00000080': 'v1NotSupported',
  '0002-00000504': 'clockSkew',
  '0002-00000709': 'clockSkew',
  '0006-00000213': 'policyExpired',
}

const BY_CODE: Record<ErrorDetails['by'], Record<string, ErrorKind>> = {
  bucket: {
    AccessForbidden: 'corsPost',
    CorsNotSet: 'corsPost',
    CorsNotSetForParts: 'corsMultipart',
    // The form pins the size that the file had when it was signed.
    EntityTooLarge: 'fileGrown',
    EntityTooSmall: 'fileChanged',
    FileChanged: 'fileChanged',
    FileAlreadyExists: 'nameTaken',
    HeadersHidden: 'headersNotExposed',
    InvalidAccessKeyId: 'keyRejected',
    InvalidSecurityToken: 'tokenExpired',
    ObjectDamaged: 'checksumMismatch',
    PartDamaged: 'checksumMismatch',
    PublicEndpointForbidden: 'customDomainRequired',
    RequestTimeTooSkewed: 'clockSkew',
    SecurityTokenExpired: 'tokenExpired',
    SignatureDoesNotMatch: 'keyRejected',
  },
  server: {
    AccessCodeRequired: 'accessCodeRequired',
    FileTooLarge: 'fileTooLarge',
    Forbidden: 'forbidden',
    TooManyRequests: 'rateLimited',
    TypeNotAllowed: 'typeNotAllowed',
  } satisfies Partial<Record<ErrorCode, ErrorKind>>,
}

/**
 * Sorts a refusal by what helps against it. Sources: PostObject and the EC pages of the Alibaba
 * Cloud OSS documentation; the signing server's own table of errors.
 */
export function errorKind(details: ErrorDetails): ErrorKind {
  // What the page itself has found out says more than the bucket's number.
  if (details.code === SIGNED_IN_THE_PAST) return 'clockSkew'
  const known = BY_EC[details.ec] ?? BY_CODE[details.by][details.code]
  if (known !== undefined) return known
  if (details.status === 0)
    return details.by === 'bucket' ? 'bucketUnreachable' : 'serverUnreachable'
  if (details.status >= 500) return 'busy'
  if (details.code === 'AccessDenied') return deniedKind(details.message)
  return 'unknown'
}

function deniedKind(message: string): ErrorKind {
  if (/policy expired|request has expired/i.test(message)) return 'policyExpired'
  if (!/according to policy/i.test(message)) return 'noPermission'
  return /\$(x-oss-)?content-type/i.test(message) ? 'typeNotAllowed' : 'policyMismatch'
}

/** Whether the same file is likely to be taken if it is signed and sent once more. */
export function isRetryable(details: ErrorDetails): boolean {
  switch (errorKind(details)) {
    case 'busy':
    case 'clockSkew':
    case 'checksumMismatch':
    case 'policyExpired':
    case 'bucketUnreachable':
    case 'rateLimited':
    case 'serverUnreachable':
    case 'tokenExpired':
      return true
    case 'keyRejected':
      // A key that was rotated in the meantime: the next signature is made with the new one.
      return details.code === 'InvalidAccessKeyId'
    default:
      return false
  }
}
