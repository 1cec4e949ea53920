import type { XmlNode } from '../xml/render-xml.ts'
import { ACCESS_ERRORS } from './access-errors.ts'
import { BUCKET_ERRORS } from './bucket-errors.ts'
import { CORS_ERRORS } from './cors-errors.ts'
import { GENERAL_ERRORS } from './general-errors.ts'
import { OBJECT_ERRORS } from './object-errors.ts'
import { POST_ERRORS } from './post-errors.ts'

/**
 * All errors, as `STATUS Code EC Message`. Errors whose EC no source names have none.
 *
 * Sources: the pages of the calls, the HTTP status pages and the EC pages of the Alibaba Cloud OSS
 * documentation, and responses pasted in public issues.
 */
export const ERRORS = {
  ...ACCESS_ERRORS,
  ...BUCKET_ERRORS,
  ...CORS_ERRORS,
  ...GENERAL_ERRORS,
  ...OBJECT_ERRORS,
  ...POST_ERRORS,
} as const

/** Names an error of the table. */
export type ErrorKind = keyof typeof ERRORS

/** What differs from the table in one error. */
export interface ErrorChange {
  message?: string
  ec?: string
  /** Elements of the XML document between HostId and EC, by name. @default none */
  details?: Record<string, XmlNode['content']>
  /** Headers of the response. @default none */
  headers?: Record<string, string>
}

/** Sent for errors whose EC no source names, because some clients need one. */
const UNKNOWN_EC = '0000-00000000'

const FORMAT = /^(?<status>\d{3}) (?<code>\w+) (?:(?<ec>\d{4}-\d{8}) )?(?<message>.+)$/

/** Thrown to refuse a request. */
export class OssError extends Error {
  /** HTTP status. */
  readonly status: number
  readonly code: string
  readonly ec: string
  readonly details: Record<string, XmlNode['content']>
  readonly headers: Record<string, string>
  readonly #kind: ErrorKind

  constructor(kind: ErrorKind, { message, ec, details = {}, headers = {} }: ErrorChange = {}) {
    const row = FORMAT.exec(ERRORS[kind])?.groups ?? {}
    super(message ?? row.message)
    this.name = 'OssError'
    this.status = Number(row.status)
    this.code = row.code ?? ''
    this.ec = ec ?? row.ec ?? UNKNOWN_EC
    this.details = details
    this.headers = headers
    this.#kind = kind
  }

  /** Returns the same error with more details. */
  with(details: ErrorChange['details']): OssError {
    const { message, ec, headers } = this
    return new OssError(this.#kind, {
      message,
      ec,
      headers,
      details: { ...this.details, ...details },
    })
  }
}
