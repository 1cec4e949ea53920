import type { ErrorCode } from '../../contract/index.ts'

/** Every refusal of the server: HTTP status and the sentence that says what to do. */
const ERRORS = {
  AccessCodeRequired: {
    status: 401,
    message: 'An access code is needed: open the page with the link that contains it',
  },
  CallbackKeyUnavailable: {
    status: 502,
    message: 'The public key of OSS cannot be fetched, so the callback cannot be verified',
  },
  CallbackNotVerified: {
    status: 403,
    message: 'The callback is not one that OSS sent for a form signed here',
  },
  CallbackTooSlow: { status: 504, message: 'The upload is stored, but was not confirmed in time' },
  CredentialsUnavailable: {
    status: 503,
    message: 'The server has no credentials to sign with at the moment; try again in a minute',
  },
  FileTooLarge: { status: 413, message: 'The file is larger than is allowed here' },
  Forbidden: { status: 403, message: 'You may not upload here' },
  HeadersTooLarge: { status: 431, message: 'The head of the request is too large' },
  InternalError: { status: 500, message: 'The server failed; the log has the details' },
  InvalidRequest: { status: 400, message: 'The request is not understood' },
  MethodNotAllowed: { status: 405, message: 'This method is not allowed here' },
  NotFound: { status: 404, message: 'There is nothing at this address' },
  RequestTimeout: { status: 408, message: 'The request took too long to arrive' },
  RequestTooLarge: { status: 413, message: 'The request is larger than is allowed here' },
  TooManyRequests: { status: 429, message: 'Too many requests; try again in a minute' },
  TypeNotAllowed: { status: 415, message: 'Files of this type are not allowed here' },
  UploadExpired: {
    status: 410,
    message: 'The upload was begun too long ago to go on with: begin it anew',
  },
  UploadTokenInvalid: {
    status: 403,
    message: 'The upload token is not one that was made here: begin the upload anew',
  },
} as const satisfies Record<ErrorCode, { status: number; message: string }>

/** A refusal on its way to the client, as JSON `{ code, message, requestId }`. */
export class RequestError extends Error {
  readonly code: ErrorCode
  readonly status: number

  /** @param message Replaces the table's, e.g. to name the limit. */
  constructor(code: ErrorCode, message: string = ERRORS[code].message, options?: ErrorOptions) {
    super(message, options)
    this.name = 'RequestError'
    this.code = code
    this.status = ERRORS[code].status
  }
}
