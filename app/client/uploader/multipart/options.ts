import type { FileToSign } from '../request-form.ts'
import type { UploadSlots } from '../semaphore.ts'
import type { UploadStep } from '../upload-progress.ts'
import type { PauseGate } from './pause-gate.ts'
import type { UploadRecords } from './resume-store.ts'
import type { Connection } from './retry.ts'
import type { sendPart } from './send-part.ts'
import type { TabClaims } from './tab-lock.ts'

/** What an upload in parts needs of where it runs. */
export interface PartsPlatform {
  sendPart: typeof sendPart
  /** CRC-64 of a blob. @throws DOMException when it cannot be read */
  checksum: (blob: Blob) => Promise<bigint>
  records: UploadRecords
  connection: Connection
  /** Absent where there are no other tabs. */
  claims?: TabClaims
  /** Whether the bucket answers at all, even if the page may not read it. */
  bucketAnswers: (url: string, signal: AbortSignal) => Promise<boolean>
}

/** One file to upload in parts. */
export interface PartsInput {
  serverUrl: string
  accessCode: () => string | undefined
  file: FileToSign
  /** When the file was changed last, in milliseconds; undefined for what is no file on a disk. */
  lastModified: number | undefined
  data: Blob
  /** Aborted when the upload is given up for good. */
  signal: AbortSignal
  gate: PauseGate
  /** Shared by every upload of the page: how many parts are sent at the same time. */
  slots: UploadSlots
  onStep: (step: UploadStep) => void
  platform: PartsPlatform
}
