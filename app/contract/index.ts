/** What the page and the signing server agree on: browser-safe, no I/O. */
export { isSendableAccessCode } from './access-code.ts'
export {
  type AllowedTypes,
  hasOnlyExtensions,
  isAllowedType,
  isTypeEntry,
  mistakenTypeProblem,
  TYPE_ENTRY_RULE,
} from './allowed-types.ts'
export type { ClientConfig } from './client-config.ts'
export { DEFAULTS } from './defaults.ts'
export type { ErrorCode } from './error-codes.ts'
export {
  HTTPS_FAILURE_REASONS,
  type HttpsFailureReason,
  type HttpsNotice,
  type HttpsState,
  parseHttpsNotice,
} from './https-notice.ts'
export { mediaTypeEssence } from './media-type.ts'
export { matchesOrigin, ORIGIN_PATTERN_RULE, originPattern } from './origin-pattern.ts'
export {
  MAX_FILES_PER_REQUEST,
  type RefusedFile,
  type SignatureRequest,
  type SignaturesRequest,
  type SignaturesResponse,
  type SignedFile,
} from './signatures.ts'
export { uploadHostProblem } from './upload-host.ts'
