import { errorKind, type Upload, UploadError, type UploadState } from '@oss-direct-upload/uploader'
import { callbackReplyText } from './callback-reply.ts'
import { errorDetailsText, errorText, traceText } from './error-text.ts'
import { formatBytes, formatDuration, formatSpeed } from './format-units.ts'
import type { Translation } from './language.ts'
import type { Rejection } from './restrictions.ts'

/** An upload in the list. */
export interface UploadTransfer {
  upload: Upload
  /** When the next attempt starts, while the upload waits for one. */
  retryAtMs?: number
}

/** A file or folder that was not added. */
export interface RejectedTransfer {
  name: string
  rejection: Rejection
}

/** One line of the list. */
export type Transfer = UploadTransfer | RejectedTransfer

/** What a button of a line does. */
export type TransferAction =
  | 'cancel'
  | 'copyKey'
  | 'keepBoth'
  | 'pause'
  | 'remove'
  | 'resume'
  | 'retry'

export function transferName(transfer: Transfer): string {
  return 'upload' in transfer ? transfer.upload.name : transfer.name
}

/** Returns the state for styles and tests: that of the upload, `callbackFailed` or `notAdded`. */
export function transferKind(transfer: Transfer): string {
  if (!('upload' in transfer)) return 'notAdded'
  const { state } = transfer.upload
  return state.kind === 'stored' && state.callbackError ? 'callbackFailed' : state.kind
}

/** Returns what the user can do about a line, best first. */
export function transferActions(transfer: Transfer): TransferAction[] {
  if (!('upload' in transfer)) return ['remove']
  const { state, size } = transfer.upload
  switch (state.kind) {
    case 'sending':
      return state.canPause && state.sentBytes < size ? ['pause', 'cancel'] : ['cancel']
    case 'paused':
      return ['resume', 'cancel']
    case 'stored':
      return ['copyKey']
    case 'failed':
      return [isKind(state, 'nameTaken') ? 'keepBoth' : 'retry', 'remove']
    case 'cancelled':
      return ['retry', 'remove']
    case 'ready':
      return ['remove']
    default:
      return ['cancel']
  }
}

/** Returns whether an upload has failed with an error of one kind. */
export function isKind(state: UploadState, kind: ReturnType<typeof errorKind>): boolean {
  if (state.kind !== 'failed' || !(state.error instanceof UploadError)) return false
  return errorKind(state.error.details) === kind
}

/** Returns the text below the file's name. @param nowMs Of the clock that `retryAtMs` was read from */
export function transferText(transfer: Transfer, translation: Translation, nowMs: number): string {
  if (!('upload' in transfer)) return rejectionText(transfer.rejection, translation)
  const { strings, tag } = translation
  const { state, size } = transfer.upload
  switch (state.kind) {
    case 'ready':
      return formatBytes(size, tag)
    case 'waiting':
      return strings.waiting(formatBytes(size, tag))
    case 'sending':
      return sendingText(state, size, translation)
    case 'offline':
      return strings.waitingOnline
    case 'paused':
      return strings.paused
    case 'otherTab':
      return strings.otherTab
    case 'retrying': {
      const leftSeconds = ((transfer.retryAtMs ?? nowMs) - nowMs) / 1000
      const reason = errorDetailsText(state.details, strings)
      return strings.retryingIn(formatDuration(leftSeconds, tag), reason)
    }
    case 'stored':
      return storedText(state, translation)
    case 'failed':
      return errorText(state.error, strings)
    case 'cancelled':
      return strings.cancelled
  }
}

function sendingText(
  { sentBytes, bytesPerSecond }: UploadState & { kind: 'sending' },
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

function storedText(
  { key, callbackError, callbackReply }: UploadState & { kind: 'stored' },
  { strings }: Translation,
): string {
  if (callbackError) {
    const { message, code } = callbackError
    return strings.callbackFailed(key, `${message || code}${traceText(callbackError, strings)}`)
  }
  const reply = callbackReplyText(callbackReply)
  return reply === ''
    ? strings.stored(key)
    : `${strings.stored(key)}\n${strings.callbackReply(reply)}`
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
