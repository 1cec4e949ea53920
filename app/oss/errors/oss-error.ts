import type { XmlNode } from '../xml/parse-xml.ts'
import { ACCESS_ERRORS } from './access-errors.ts'
import { BUCKET_ERRORS } from './bucket-errors.ts'
import { CORS_ERRORS } from './cors-errors.ts'
import { GENERAL_ERRORS } from './general-errors.ts'
import { OBJECT_ERRORS } from './object-errors.ts'
import { POST_ERRORS } from './post-errors.ts'

/**
 * Sources: the pages of each call, the HTTP status pages and the EC pages of the Alibaba Cloud OSS
 * documentation, and replies pasted in public issues. An empty EC is one that no source tells.
 */
export const ERRORS = {
  ...ACCESS_ERRORS,
  ...BUCKET_ERRORS,
  ...CORS_ERRORS,
  ...GENERAL_ERRORS,
  ...OBJECT_ERRORS,
  ...POST_ERRORS,
} as const satisfies Record<string, readonly [number, string, string, string]>

export type ErrorKind = keyof typeof ERRORS

/** Thrown by whatever refuses a request. */
export class OssError extends Error {
  readonly status: number
  readonly code: string
  readonly ec: string
  /** Elements of the XML between HostId and EC, by name. */
  readonly details: Record<string, XmlNode['content']>

  /** @param change Replaces the table's message or EC, or adds elements of its own. */
  constructor(
    kind: ErrorKind,
    change: { message?: string; ec?: string; details?: Record<string, XmlNode['content']> } = {},
  ) {
    const [status, code, message, ec] = ERRORS[kind]
    super(change.message ?? message)
    this.name = 'OssError'
    this.status = status
    this.code = code
    this.ec = change.ec ?? ec
    this.details = change.details ?? {}
  }
}
