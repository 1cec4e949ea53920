import type { ErrorCode } from '@oss-direct-upload/contract'
import type { ErrorDetails } from './upload-error.ts'

/** What went wrong, in as many kinds as there are different things to do about it. */
export type ErrorKind =
  | 'accessCodeRequired'
  | 'bucketUnreachable'
  | 'busy'
  | 'changedWhileSent'
  | 'checksumMismatch'
  | 'clockSkew'
  | 'corsMultipart'
  | 'corsPost'
  | 'customDomainRequired'
  | 'fileChanged'
  | 'fileGrown'
  | 'fileMissing'
  | 'fileTooLarge'
  | 'fileUnreadable'
  | 'forbidden'
  | 'headersNotExposed'
  | 'keyRejected'
  | 'nameTaken'
  | 'noPermission'
  | 'noSigningServer'
  | 'policyExpired'
  | 'policyMismatch'
  | 'quotaExceeded'
  | 'rateLimited'
  | 'serverUnreachable'
  | 'tokenExpired'
  | 'typeNotAllowed'
  | 'unknown'
  | 'urlExpired'
  | 'v1NotSupported'
  | 'wrongEndpoint'

const KIND_BY_EC: Record<string, ErrorKind> = {
  '0002-00000080': 'v1NotSupported',
  '0002-00000504': 'clockSkew',
  '0002-00000709': 'clockSkew',
  '0006-00000213': 'policyExpired',
}

const KIND_BY_CODE: Record<'bucket' | 'server', Record<string, ErrorKind>> = {
  bucket: {
    AccessForbidden: 'corsPost',
    // The form fixes the size that the file had when it was signed.
    EntityTooLarge: 'fileGrown',
    EntityTooSmall: 'fileChanged',
    FileAlreadyExists: 'nameTaken',
    InvalidAccessKeyId: 'keyRejected',
    InvalidSecurityToken: 'tokenExpired',
    NonStandardHostForbidden: 'wrongEndpoint',
    PermanentRedirect: 'wrongEndpoint',
    PublicEndpointForbidden: 'customDomainRequired',
    RequestTimeTooSkewed: 'clockSkew',
    SecondLevelDomainForbidden: 'wrongEndpoint',
    SecurityTokenExpired: 'tokenExpired',
    SignatureDoesNotMatch: 'keyRejected',
  },
  server: {
    AccessCodeRequired: 'accessCodeRequired',
    FileTooLarge: 'fileTooLarge',
    Forbidden: 'forbidden',
    QuotaExceeded: 'quotaExceeded',
    TooManyRequests: 'rateLimited',
    TypeNotAllowed: 'typeNotAllowed',
  } satisfies Partial<Record<ErrorCode, ErrorKind>>,
}

/** Returns the details of an error that the page itself finds. */
export function pageError(kind: ErrorKind): ErrorDetails {
  return { source: 'page', status: 0, code: kind, message: '', requestId: '', ec: '' }
}

/**
 * Returns the kind of an error. Sources: PostObject and the EC pages of the Alibaba Cloud OSS
 * documentation; the signing server's table of errors.
 */
export function errorKind({ source, status, code, message, ec }: ErrorDetails): ErrorKind {
  if (source === 'page') return code as ErrorKind
  const known = KIND_BY_EC[ec] ?? KIND_BY_CODE[source][code]
  if (known !== undefined) return known
  if (status === 0) return source === 'bucket' ? 'bucketUnreachable' : 'serverUnreachable'
  if (status >= 500) return 'busy'
  return code === 'AccessDenied' ? accessDeniedKind(message) : 'unknown'
}

function accessDeniedKind(message: string): ErrorKind {
  if (/specified endpoint/i.test(message)) return 'wrongEndpoint'
  if (/policy expired/i.test(message)) return 'policyExpired'
  if (/request has expired/i.test(message)) return 'urlExpired'
  if (!/according to policy/i.test(message)) return 'noPermission'
  return /\$(x-oss-)?content-type/i.test(message) ? 'typeNotAllowed' : 'policyMismatch'
}
