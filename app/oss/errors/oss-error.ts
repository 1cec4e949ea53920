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
}

const FORMAT = /^(?<status>\d{3}) (?<code>\w+) (?:(?<ec>\d{4}-\d{8}) )?(?<message>.+)$/

/** Thrown to refuse a request. */
export class OssError extends Error {
  /** HTTP status. */
  readonly status: number
  readonly code: string
  /** Empty when no source names one. */
  readonly ec: string
  readonly details: Record<string, XmlNode['content']>

  constructor(kind: ErrorKind, { message, ec, details = {} }: ErrorChange = {}) {
    const row = FORMAT.exec(ERRORS[kind])?.groups ?? {}
    super(message ?? row.message)
    this.name = 'OssError'
    this.status = Number(row.status)
    this.code = row.code ?? ''
    this.ec = ec ?? row.ec ?? ''
    this.details = details
  }
}
