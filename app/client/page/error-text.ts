import { type ErrorKind, errorKind } from '../uploader/error-kind.ts'
import { type ErrorDetails, UploadError } from '../uploader/upload-error.ts'
import type { Strings } from './locales/en.ts'

/** Kinds whose sentence says too little without the other side's own words. */
const QUOTED: ReadonlySet<ErrorKind> = new Set(['policyMismatch', 'noPermission', 'unknown'])

/** A sentence that says what to do, with what support will ask for. */
export function errorText(error: unknown, strings: Strings): string {
  if (error instanceof UploadError) return errorDetailsText(error.details, strings)
  return error instanceof Error ? error.message : String(error)
}

/** As `failureText`, for a refusal that is at hand. */
export function errorDetailsText(details: ErrorDetails, strings: Strings): string {
  const kind = errorKind(details)
  const said = [String(details.status), details.code, details.message].filter((part) => part !== '')
  const quote = QUOTED.has(kind) ? ` ${strings.quoted(said.join(' '))}` : ''
  return `${strings.failures[kind]}${quote}${traceText(details, strings)}`
}

/** EC and request id in parentheses, with a space before; empty when there is neither. */
export function traceText(details: ErrorDetails, strings: Strings): string {
  const trace = [
    details.ec === '' ? '' : `EC ${details.ec}`,
    details.requestId === '' ? '' : strings.request(details.requestId),
  ].filter((part) => part !== '')
  return trace.length === 0 ? '' : ` (${trace.join(', ')})`
}
