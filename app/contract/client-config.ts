import type { HttpsNotice } from './https-notice.ts'

/** Body of `GET /config.json`: what a page needs before it requests a signature. Nothing is secret. */
export interface ClientConfig {
  /** Bytes of the largest file that a form uploads. */
  maxSize: number
  /** Extensions and MIME types; empty when every file is allowed. */
  allowedTypes: string[]
  /** Whether signing requests need the header x-access-code. */
  accessCodeRequired: boolean
  /** Origin that forms are posted to. */
  uploadHost: string
  /** Absent when every file goes by form. */
  multipart?: {
    /** Bytes from which on a file is uploaded in parts. */
    threshold: number
    /** Bytes of the largest file that is uploaded in parts. */
    maxSize: number
  }
  /** Absent when the server serves http only. */
  https?: HttpsNotice
}
