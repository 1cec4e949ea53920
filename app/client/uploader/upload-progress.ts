import type { ErrorDetails } from './upload-error.ts'

/** What an upload that has started and not finished is doing. */
export type UploadProgress =
  | {
      kind: 'sending'
      sentBytes: number
      /** Absent until it is known. */
      bytesPerSecond?: number
      /** @default false */
      canPause?: boolean
    }
  | { kind: 'paused' }
  /** Another tab uploads the same file. */
  | { kind: 'otherTab' }
  | { kind: 'offline' }
  /** Waits for the next attempt. */
  | { kind: 'retrying'; delaySeconds: number; details: ErrorDetails }
