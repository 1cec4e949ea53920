/** Defaults of settings that the signing server, the stack and the page share. */
export const DEFAULTS = {
  /** Prefix of every object key. */
  uploadDir: 'upload/',
  /** Seconds until a signature expires. */
  expiresSeconds: 600,
  /**
   * Files that one client may have signed a minute, and at once after a pause. 200 a second fill a
   * line of 160 Mbit/s with files of 100 KB, however many visitors share it.
   */
  signaturesPerMinute: 12_000,
  /** Bytes from which on a file is uploaded in parts, where parts are on: 100 MiB. */
  multipartThreshold: 100 * 1024 ** 2,
  /** Bytes of the largest file that is uploaded in parts: 100 GiB. */
  multipartMaxSize: 100 * 1024 ** 3,
  /** Bytes of a part: 8 MiB. */
  partSize: 8 * 1024 ** 2,
} as const
