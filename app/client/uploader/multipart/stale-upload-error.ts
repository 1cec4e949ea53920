import { UploadError } from '../upload-error.ts'

/** Thrown when the parts of an upload are not what they were: it has to begin anew. */
export class StaleUploadError extends Error {
  constructor(code: string, cause: unknown) {
    super(code, { cause })
    this.name = 'StaleUploadError'
  }
}

/** Whether the bucket or the server no longer knows an upload. */
export function isStale(error: unknown): boolean {
  if (error instanceof StaleUploadError) return true
  if (!(error instanceof UploadError)) return false
  const { by, code } = error.details
  return by === 'bucket'
    ? code === 'NoSuchUpload'
    : code === 'UploadTokenInvalid' || code === 'UploadExpired'
}
