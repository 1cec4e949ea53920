import {
  type ErrorDetails,
  type ErrorKind,
  errorKind,
  UploadError,
} from '@oss-direct-upload/uploader'
import type { Strings } from './locales/en.ts'

/** Kinds whose text needs the other side's own words. */
const QUOTED: ReadonlySet<ErrorKind> = new Set(['noPermission', 'policyMismatch', 'unknown'])

/** Returns what to do about an error, with the ids that support asks for. */
export function errorText(error: unknown, strings: Strings): string {
  if (error instanceof UploadError) return errorDetailsText(error.details, strings)
  return error instanceof Error ? error.message : String(error)
}

/** Returns the same as `errorText` for the details of an `UploadError`. */
export function errorDetailsText(details: ErrorDetails, strings: Strings): string {
  const kind = errorKind(details)
  const { status, code, message } = details
  const quoted = [String(status), code, message].filter((part) => part !== '').join(' ')
  const quote = QUOTED.has(kind) ? ` ${strings.quoted(quoted)}` : ''
  const object = kind === 'changedWhileSent' ? ` ${strings.stored(message)}` : ''
  return `${strings.errors[kind]}${quote}${object}${traceText(details, strings)}`
}

/** Returns EC and request id as ` (EC …, request …)`; empty when there is neither. */
export function traceText({ ec, requestId }: ErrorDetails, strings: Strings): string {
  const parts = [
    ec === '' ? '' : `EC ${ec}`,
    requestId === '' ? '' : strings.request(requestId),
  ].filter((part) => part !== '')
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}
