/** Why input cannot be signed; the message names the limit. */
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

/** Thrown for input that OSS would refuse. */
export class SigningError extends Error {
  readonly code: SigningErrorCode

  constructor(code: SigningErrorCode, message: string) {
    super(message)
    this.name = 'SigningError'
    this.code = code
  }
}
