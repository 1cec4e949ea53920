import { type FailureKind, failureKind } from '../uploader/error-kind.ts'
import { type Refusal, UploadRefusedError } from '../uploader/upload-error.ts'
import type { Strings } from './locales/en.ts'

/** Kinds whose sentence says too little without the other side's own words. */
const QUOTED: ReadonlySet<FailureKind> = new Set(['formRefused', 'noPermission', 'unknown'])

/** A sentence that says what to do, with what support will ask for. */
export function failureText(error: unknown, strings: Strings): string {
  if (error instanceof UploadRefusedError) return refusalText(error.refusal, strings)
  return error instanceof Error ? error.message : String(error)
}

/** As `failureText`, for a refusal that is at hand. */
export function refusalText(refusal: Refusal, strings: Strings): string {
  const kind = failureKind(refusal)
  const said = [String(refusal.status), refusal.code, refusal.message].filter((part) => part !== '')
  const quote = QUOTED.has(kind) ? ` ${strings.quoted(said.join(' '))}` : ''
  return `${strings.failures[kind]}${quote}${traceText(refusal, strings)}`
}

/** EC and request id in parentheses, with a space before; empty when there is neither. */
export function traceText(refusal: Refusal, strings: Strings): string {
  const trace = [
    refusal.ec === '' ? '' : `EC ${refusal.ec}`,
    refusal.requestId === '' ? '' : strings.request(refusal.requestId),
  ].filter((part) => part !== '')
  return trace.length === 0 ? '' : ` (${trace.join(', ')})`
}
