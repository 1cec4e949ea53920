import type { ErrorCode } from './error-codes.ts'

/** Files that one `POST /signatures` may name. */
export const MAX_FILES_PER_REQUEST = 100

/** A file in the body of `POST /signatures`. */
export interface SignatureRequest {
  name: string
  /** MIME type. @default unknown */
  type?: string
  /** Bytes. */
  size: number
  /** Stores the file under another name if its own is taken. */
  conflict?: 'rename'
}

/** Body of `POST /signatures`. */
export interface SignaturesRequest {
  /** 1 to `MAX_FILES_PER_REQUEST`. */
  files: SignatureRequest[]
}

/** A file that may be uploaded: post `fields` in their order to `url`, then `file` as the last field. */
export interface SignedFile {
  status: 200
  url: string
  method: 'POST'
  fields: Record<string, string>
  /** Object key. */
  key: string
  /** When the form expires, in unix seconds by the server's clock. */
  expire: number
}

/** A file that is refused, with the status and the error that `GET /signature` answers. */
export interface RefusedFile {
  status: number
  code: ErrorCode
  message: string
  requestId: string
  /** Seconds until a retry can succeed, where `GET /signature` sends `Retry-After`. */
  retryAfter?: number
}

/** Response to `POST /signatures`. */
export interface SignaturesResponse {
  /** In the order of the request. */
  files: (SignedFile | RefusedFile)[]
  /** Seconds until the forms expire, for clients whose clock is wrong. */
  expiresIn: number
}
