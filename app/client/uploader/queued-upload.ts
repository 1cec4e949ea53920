import type { FileDescription } from './file-description.ts'
import type { PauseGate } from './multipart/pause-gate.ts'
import type { ProgressThrottle } from './progress-throttle.ts'
import { isActive, type UploadState } from './upload-state.ts'

/** A file to add. */
export interface FileToUpload {
  /** Name, with the folders before it if there are any. */
  name: string
  /** MIME type; empty when it is not known. */
  type: string
  data: Blob
  /** Whether to store it under a similar name when its own is taken. @default false */
  rename?: boolean
}

/** One file of the uploader's list. */
export interface Upload {
  readonly id: number
  /** Name, with the folders before it if there are any. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly data: Blob
  /** As it is described to the signing server. */
  readonly file: FileDescription
  readonly state: UploadState
  /** Bytes that have been sent in the present attempt. */
  readonly sentBytes: number
}

/** An upload in the list of an uploader, which alone changes it. */
export class QueuedUpload implements Upload {
  readonly id: number
  readonly name: string
  readonly data: Blob
  readonly size: number
  file: FileDescription
  state: UploadState = { kind: 'ready' }
  sentBytes = 0
  run: Run | undefined

  constructor(id: number, { name, type, data, rename = false }: FileToUpload) {
    this.id = id
    this.name = name
    this.data = data
    this.size = data.size
    // macOS has names in NFD.
    this.file = { name: name.normalize('NFC'), type, size: data.size, rename }
  }
}

/** An upload from its start to its end. */
export interface Run {
  cancel: AbortController
  gate: PauseGate
  progress: ProgressThrottle
  /** Whether it counts towards the limit of files; a paused one does not. */
  hasSlot: boolean
  /** Whether it waits for its next attempt and has lent its slot to another file. */
  hasLentSlot: boolean
  /** Only these can be paused while they are being sent. */
  isInParts: boolean
}

/** Returns whether an upload can be paused now: only one that goes in parts. */
export function canPause({ state, run }: QueuedUpload): boolean {
  return run?.isInParts === true && ['sending', 'retrying', 'offline'].includes(state.kind)
}

/** Returns the bytes that have been sent in a state. @param before In the state before */
export function sentBytesIn(state: UploadState, before: number): number {
  if (state.kind === 'sending') return state.sentBytes
  return isActive(state) ? before : 0
}
