/** Defaults of settings that the signing server, the stack and the page share. */
export const DEFAULTS = {
  /** Prefix of every object key. */
  uploadDir: 'upload/',
  /** Seconds until a signature expires. */
  expiresSeconds: 600,
  /** Signatures that one client may request a minute. */
  signaturesPerMinute: 120,
  /** Bytes from which on a file is uploaded in parts, where parts are on: 100 MiB. */
  multipartThreshold: 100 * 1024 ** 2,
  /** Bytes of the largest file that is uploaded in parts: 100 GiB. */
  multipartMaxSize: 100 * 1024 ** 3,
  /** Bytes of a part: 8 MiB. */
  partSize: 8 * 1024 ** 2,
} as const
