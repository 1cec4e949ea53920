import type { Refusal } from './upload-error.ts'

/** What went wrong, as far as it decides what the user is told to do. */
export type FailureKind =
  | 'accessCode'
  | 'busy'
  | 'changed'
  | 'clockOff'
  | 'corsForParts'
  | 'corsNotSet'
  | 'customDomain'
  | 'damaged'
  | 'exists'
  | 'expired'
  | 'forbidden'
  | 'formRefused'
  | 'grown'
  | 'headersHidden'
  | 'keyRefused'
  | 'noAnswer'
  | 'noPermission'
  | 'oldSignature'
  | 'rateLimited'
  | 'serverSilent'
  | 'tokenExpired'
  | 'tooLarge'
  | 'typeForbidden'
  | 'unknown'

/** Code of a form that had expired, by the browser’s clock too, before it was asked for. */
export const SIGNED_IN_THE_PAST = 'SignedInThePast'

const BY_EC: Record<string, FailureKind> = {
  '0002-00000080': 'oldSignature',
  '0002-00000504': 'clockOff',
  '0002-00000709': 'clockOff',
  '0006-00000213': 'expired',
}

const BY_CODE: Record<Refusal['by'], Record<string, FailureKind>> = {
  bucket: {
    AccessForbidden: 'corsNotSet',
    CorsNotSet: 'corsNotSet',
    CorsNotSetForParts: 'corsForParts',
    // The form pins the size that the file had when it was signed.
    EntityTooLarge: 'grown',
    EntityTooSmall: 'changed',
    FileChanged: 'changed',
    FileAlreadyExists: 'exists',
    HeadersHidden: 'headersHidden',
    InvalidAccessKeyId: 'keyRefused',
    InvalidSecurityToken: 'tokenExpired',
    ObjectDamaged: 'damaged',
    PartDamaged: 'damaged',
    PublicEndpointForbidden: 'customDomain',
    RequestTimeTooSkewed: 'clockOff',
    SecurityTokenExpired: 'tokenExpired',
    SignatureDoesNotMatch: 'keyRefused',
  },
  server: {
    AccessCodeRequired: 'accessCode',
    FileTooLarge: 'tooLarge',
    Forbidden: 'forbidden',
    TooManyRequests: 'rateLimited',
    TypeNotAllowed: 'typeForbidden',
  },
}

/**
 * Sorts a refusal by what helps against it. Sources: PostObject and the EC pages of the Alibaba
 * Cloud OSS documentation; the signing server's own table of errors.
 */
export function failureKind(refusal: Refusal): FailureKind {
  // What the page itself has found out says more than the bucket's number.
  if (refusal.code === SIGNED_IN_THE_PAST) return 'clockOff'
  const known = BY_EC[refusal.ec] ?? BY_CODE[refusal.by][refusal.code]
  if (known !== undefined) return known
  if (refusal.status === 0) return refusal.by === 'bucket' ? 'noAnswer' : 'serverSilent'
  if (refusal.status >= 500) return 'busy'
  if (refusal.code === 'AccessDenied') return deniedKind(refusal.message)
  return 'unknown'
}

function deniedKind(message: string): FailureKind {
  if (/policy expired|request has expired/i.test(message)) return 'expired'
  if (!/according to policy/i.test(message)) return 'noPermission'
  return /\$(x-oss-)?content-type/i.test(message) ? 'typeForbidden' : 'formRefused'
}

/** Whether the same file is likely to be taken if it is signed and sent once more. */
export function isWorthRetrying(refusal: Refusal): boolean {
  switch (failureKind(refusal)) {
    case 'busy':
    case 'clockOff':
    case 'damaged':
    case 'expired':
    case 'noAnswer':
    case 'rateLimited':
    case 'serverSilent':
    case 'tokenExpired':
      return true
    case 'keyRefused':
      // A key that was rotated in the meantime: the next signature is made with the new one.
      return refusal.code === 'InvalidAccessKeyId'
    default:
      return false
  }
}
