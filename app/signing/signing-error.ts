/** What can be wrong with a request to sign; the message names the limit. */
export type SigningErrorCode =
  | 'InvalidBucketName'
  | 'InvalidCallback'
  | 'InvalidCredentials'
  | 'InvalidDate'
  | 'InvalidExpiry'
  | 'InvalidField'
  | 'InvalidObjectName'
  | 'InvalidRegion'
  | 'InvalidSize'
  | 'FormTooLarge'

/** Thrown instead of signing something that OSS would refuse. */
export class SigningError extends Error {
  readonly code: SigningErrorCode

  constructor(code: SigningErrorCode, message: string) {
    super(message)
    this.name = 'SigningError'
    this.code = code
  }
}
