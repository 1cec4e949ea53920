import type { FileToSign } from '../request-form.ts'
import type { Connection } from '../retry-policy.ts'
import type { Semaphore } from '../semaphore.ts'
import type { UploadProgress } from '../upload-progress.ts'
import type { PauseGate } from './pause-gate.ts'
import type { ResumeStore } from './resume-store.ts'
import type { sendPart } from './send-part.ts'
import type { TabLock } from './tab-lock.ts'

/** What an upload in parts needs of where it runs. */
export interface MultipartPlatform {
  sendPart: typeof sendPart
  /** CRC-64 of a blob. @throws DOMException when it cannot be read */
  checksum: (blob: Blob) => Promise<bigint>
  records: ResumeStore
  connection: Connection
  /** Absent where there are no other tabs. */
  tabLock?: TabLock
  /** Whether the bucket answers at all, even if the page may not read it. */
  isBucketReachable: (url: string, signal: AbortSignal) => Promise<boolean>
}

/** One file to upload in parts. */
export interface MultipartInput {
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
  slots: Semaphore
  onStep: (step: UploadProgress) => void
  platform: MultipartPlatform
}
