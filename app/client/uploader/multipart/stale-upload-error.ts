import { UploadError } from '../upload-error.ts'

/** Thrown when the stored parts of an upload cannot be used: it has to start again. */
export class StaleUploadError extends Error {
  constructor(code: string, cause: unknown) {
    super(code, { cause })
    this.name = 'StaleUploadError'
  }
}

/** Returns whether the bucket or the signing server no longer knows an upload. */
export function isStale(error: unknown): boolean {
  if (error instanceof StaleUploadError) return true
  if (!(error instanceof UploadError)) return false
  const { source, code } = error.details
  return source === 'bucket'
    ? code === 'NoSuchUpload'
    : code === 'UploadTokenInvalid' || code === 'UploadExpired'
}
