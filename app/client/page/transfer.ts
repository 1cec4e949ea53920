import type { ErrorDetails } from '../uploader/upload-error.ts'
import type { UploadProgress } from '../uploader/upload-progress.ts'
import { callbackReplyText } from './callback-reply-text.ts'
import { errorDetailsText, errorText, traceText } from './error-text.ts'
import { durationText, sizeText, speedText } from './format-units.ts'
import type { Translation } from './language.ts'

/** Why a file was not added. */
export type Rejection =
  | { reason: 'tooLarge'; maxSize: number }
  | { reason: 'type'; allowedTypes: readonly string[] }
  /** In the words of whoever refused it. */
  | { reason: 'other'; message: string }

/** Where a file stands; the last five are ends. */
export type TransferState =
  | UploadProgress
  | { kind: 'stored'; key: string; reply: string }
  | { kind: 'callbackFailed'; key: string; details: ErrorDetails }
  | { kind: 'failed'; error: unknown; canKeepBoth: boolean }
  | { kind: 'notAdded'; why: Rejection }
  | { kind: 'cancelled' }

const UNDER_WAY: readonly string[] = [
  'sending',
  'offline',
  'retrying',
  'paused',
  'otherTab',
] satisfies UploadProgress['kind'][]

/** One line of the list of transfers. */
export interface Transfer {
  name: string
  /** Bytes. */
  size: number
  state: TransferState
}

/** Whether nothing more happens to the file by itself. */
export function isFinished(state: TransferState): boolean {
  return !UNDER_WAY.includes(state.kind)
}

/** Whether the file is in the bucket. */
export function isStored(state: TransferState): boolean {
  return state.kind === 'stored' || state.kind === 'callbackFailed'
}

/** What is shown under the file's name, in one language. */
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
    case 'retrying':
      return strings.retryingIn(
        durationText(state.seconds, tag),
        errorDetailsText(state.details, strings),
      )
    case 'stored': {
      const reply = callbackReplyText(state.reply)
      const stored = strings.stored(state.key)
      return reply === '' ? stored : `${stored}\n${strings.reply(reply)}`
    }
    case 'callbackFailed': {
      const { key, details } = state
      const why = `${details.message || details.code}${traceText(details, strings)}`
      return strings.callbackFailed(key, why)
    }
    case 'failed':
      return errorText(state.error, strings)
    case 'notAdded':
      return notAddedText(state.why, translation)
    case 'cancelled':
      return strings.cancelled
  }
}

function sendingText(
  { sent, speed }: UploadProgress & { kind: 'sending' },
  size: number,
  { strings, tag }: Translation,
): string {
  if (sent === 0) return strings.sending
  if (sent >= size) return strings.finishing
  const parts = [strings.progress(sizeText(sent, tag), sizeText(size, tag))]
  if (speed !== undefined) {
    parts.push(speedText(speed, tag))
    if (speed > 0) parts.push(strings.timeLeft(durationText((size - sent) / speed, tag)))
  }
  return parts.join(' · ')
}

function notAddedText(why: Rejection, { strings, tag }: Translation): string {
  switch (why.reason) {
    case 'tooLarge':
      return strings.tooLarge(sizeText(why.maxSize, tag))
    case 'type':
      return strings.typeNotAllowed(why.allowedTypes)
    case 'other':
      return why.message
  }
}
