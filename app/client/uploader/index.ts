/** The uploader: everything between a selected file and an object in the bucket. */
export { type ErrorKind, errorKind } from './error-kind.ts'
export type { FileDescription } from './file-description.ts'
// The store is small; the rest of the room is loaded for the first large file.
export {
  browserResumeStore,
  fingerprint,
  type ResumeRecord,
} from './multipart/resume-store.ts'
export type { FileToUpload, Upload } from './queued-upload.ts'
export { loadServerConfig, type ServerConfig } from './server-config.ts'
export type { SigningServer } from './signing-client.ts'
export { lastModifiedMs } from './source-file.ts'
export { type ErrorDetails, UploadError } from './upload-error.ts'
export type { UploadProgress } from './upload-progress.ts'
export { isActive, isFinished, type UploadKind, type UploadState } from './upload-state.ts'
export type { FileTotal, UploadTotals } from './upload-totals.ts'
export { Uploader, type UploaderEvent, type UploaderOptions } from './uploader.ts'

/** Loads the code for uploads in parts. */
export const loadMultipart = () => import('./multipart/index.ts')
