import type { ErrorCode } from '@oss-direct-upload/contract'

/** Every error of the server: HTTP status, and a message that says what to do or names the limit. */
export const ERRORS = {
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
  FileTooLarge: {
    status: 413,
    message: (bytes: number, maxBytes: number) =>
      `The file has ${bytes} bytes; at most ${maxBytes} are allowed`,
  },
  Forbidden: { status: 403, message: 'You may not upload here' },
  GeneralFormDisabled: {
    status: 403,
    message:
      'Only forms for one file are signed here: send name, type and size, or let the operator set GENERAL_FORM=on (option generalForm)',
  },
  HeadersTooLarge: { status: 431, message: 'The head of the request is too large' },
  InternalError: { status: 500, message: 'The server failed; the log has the details' },
  InvalidRequest: { status: 400, message: 'The request is not understood' },
  MethodNotAllowed: { status: 405, message: 'This method is not allowed here' },
  MisdirectedRequest: {
    status: 421,
    message: 'This server does not answer requests for this host',
  },
  NotFound: { status: 404, message: 'There is nothing at this address' },
  QuotaExceeded: {
    status: 429,
    message: (what: string, minutes: number) =>
      `No more than ${what} an hour are allowed; try again in ${minutes} minutes`,
  },
  RequestTimeout: { status: 408, message: 'The request took too long to arrive' },
  RequestTooLarge: { status: 413, message: 'The request is larger than is allowed here' },
  TooManyRequests: {
    status: 429,
    message: (seconds: number) => `Too many requests; try again in ${seconds} s`,
  },
  TypeNotAllowed: {
    status: 415,
    message: (allowed: readonly string[]) => `Only these files are allowed: ${allowed.join(', ')}`,
  },
  UploadExpired: {
    status: 410,
    message: 'The upload was started too long ago to continue: start it again',
  },
  UploadTokenInvalid: {
    status: 403,
    message: 'The upload token was not issued here: start the upload again',
  },
} as const satisfies Record<
  ErrorCode,
  { status: number; message: string | ((...limits: never[]) => string) }
>

/** An error for the client, answered as JSON `{ code, message, requestId }`. */
export class RequestError extends Error {
  readonly code: ErrorCode
  readonly status: number
  /** The header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined

  /** @param message @default the message of the table; where that needs a limit, the code alone */
  constructor(
    code: ErrorCode,
    message?: string,
    options?: ErrorOptions & { retryAfterSeconds?: number },
  ) {
    const row = ERRORS[code]
    super(message ?? (typeof row.message === 'string' ? row.message : code), options)
    this.retryAfterSeconds = options?.retryAfterSeconds
    this.name = 'RequestError'
    this.code = code
    this.status = row.status
  }
}
