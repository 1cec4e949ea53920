import type { Connection } from '../connection.ts'
import type { UploadInput } from '../upload-form.ts'
import type { PauseGate } from './pause-gate.ts'
import type { ResumeStore } from './resume-store.ts'
import type { sendPart } from './send-part.ts'
import type { TabLock } from './tab-lock.ts'

/** What an upload in parts needs from the browser, or from Node in tests. */
export interface MultipartPlatform {
  sendPart: typeof sendPart
  /** Returns the CRC-64 of a blob. @throws DOMException when it cannot be read */
  crc64: (blob: Blob) => Promise<bigint>
  /** Whether reading a file fails once its modification time has changed. */
  failsChangedFiles: boolean
  resumeStore: ResumeStore
  connection: Connection
  /** Absent where there are no other tabs. */
  tabLock?: TabLock
}

/** One file to upload in parts. */
export interface MultipartInput extends UploadInput {
  /** Modification time in unix milliseconds; `undefined` for what is no file on disk. */
  lastModifiedMs: number | undefined
  gate: PauseGate
  platform: MultipartPlatform
}
