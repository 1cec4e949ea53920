import type { ErrorDetails } from './upload-error.ts'

/** Where a file stands between its turn and its end. */
export type UploadProgress =
  | {
      kind: 'sending'
      /** Bytes. */
      sent: number
      /** Bytes a second; absent until it can be told. */
      speed?: number
      /** Whether it can be paused. */
      canPause?: boolean
    }
  | { kind: 'paused' }
  /** Another tab uploads the same file. */
  | { kind: 'otherTab' }
  | { kind: 'offline' }
  | {
      kind: 'retrying'
      /** Until the next attempt. */
      seconds: number
      details: ErrorDetails
    }
