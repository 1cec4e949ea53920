import type { ErrorDetails, UploadProgress } from '@oss-direct-upload/uploader'
import { callbackReplyText } from './callback-reply.ts'
import { errorDetailsText, errorText, traceText } from './error-text.ts'
import { formatBytes, formatDuration, formatSpeed } from './format-units.ts'
import type { Translation } from './language.ts'
import type { Rejection } from './restrictions.ts'

/** How an upload ended, or why it did not start. */
export type TransferResult =
  | { kind: 'stored'; key: string; callbackReply: string }
  | { kind: 'callbackFailed'; key: string; details: ErrorDetails }
  | { kind: 'failed'; error: unknown; canKeepBoth: boolean }
  | { kind: 'notAdded'; rejection: Rejection }
  | { kind: 'cancelled' }

export type TransferState = UploadProgress | TransferResult

/** One line of the list of transfers. */
export interface Transfer {
  name: string
  /** Bytes. */
  size: number
  state: TransferState
}

const RESULTS: readonly string[] = [
  'stored',
  'callbackFailed',
  'failed',
  'notAdded',
  'cancelled',
] satisfies TransferResult['kind'][]

/** Returns whether a transfer has ended. */
export function isFinished(state: TransferState): state is TransferResult {
  return RESULTS.includes(state.kind)
}

/** Returns whether the file is in the bucket. */
export function isStored(
  state: TransferState,
): state is TransferResult & { kind: 'stored' | 'callbackFailed' } {
  return state.kind === 'stored' || state.kind === 'callbackFailed'
}

/** Returns the text below the file's name. */
export function transferText({ size, state }: Transfer, translation: Translation): string {
  const { strings, tag } = translation
  switch (state.kind) {
    case 'sending':
      return sendingText(state, size, translation)
    case 'offline':
      return strings.waitingOnline
    case 'paused':
      return strings.paused
    case 'otherTab':
      return strings.otherTab
    case 'retrying': {
      const reason = errorDetailsText(state.details, strings)
      return strings.retryingIn(formatDuration(state.delaySeconds, tag), reason)
    }
    case 'stored': {
      const reply = callbackReplyText(state.callbackReply)
      const stored = strings.stored(state.key)
      return reply === '' ? stored : `${stored}\n${strings.callbackReply(reply)}`
    }
    case 'callbackFailed': {
      const { key, details } = state
      const reason = `${details.message || details.code}${traceText(details, strings)}`
      return strings.callbackFailed(key, reason)
    }
    case 'failed':
      return errorText(state.error, strings)
    case 'notAdded':
      return rejectionText(state.rejection, translation)
    case 'cancelled':
      return strings.cancelled
  }
}

function sendingText(
  { sentBytes, bytesPerSecond }: UploadProgress & { kind: 'sending' },
  size: number,
  { strings, tag }: Translation,
): string {
  if (sentBytes === 0) return strings.starting
  if (sentBytes >= size) return strings.finishing
  const parts = [strings.progress(formatBytes(sentBytes, tag), formatBytes(size, tag))]
  if (bytesPerSecond !== undefined) {
    parts.push(formatSpeed(bytesPerSecond, tag))
    const secondsLeft = (size - sentBytes) / bytesPerSecond
    if (bytesPerSecond > 0) parts.push(strings.timeLeft(formatDuration(secondsLeft, tag)))
  }
  return parts.join(' · ')
}

function rejectionText(rejection: Rejection, { strings, tag }: Translation): string {
  switch (rejection.reason) {
    case 'tooLarge':
      return strings.tooLarge(formatBytes(rejection.maxSize, tag))
    case 'type':
      return strings.typeNotAllowed(rejection.allowedTypes)
    case 'emptyFolder':
      return strings.emptyFolder
    case 'systemFiles':
      return strings.systemFiles(rejection.count)
    case 'other':
      return rejection.message
  }
}
