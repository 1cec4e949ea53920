import { bucketError, type ErrorDetails } from './upload-error.ts'

/** A file that is stored in the bucket. */
export interface StoredFile {
  /** Object key. */
  key: string
  /** HTTP status; 203 when the callback failed. */
  status: number
  /** The application's response to OSS's callback; empty without a callback. */
  callbackReply: string
  /** Why the callback failed. The object is stored nevertheless. */
  callbackError?: ErrorDetails
}

/** Reads the response to a request that has stored an object. */
export function storedFile(key: string, status: number, body: string): StoredFile {
  if (status !== 203) return { key, status, callbackReply: body }
  return { key, status, callbackReply: '', callbackError: bucketError(status, body) }
}
