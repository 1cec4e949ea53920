/** A file on this machine, ready to be uploaded. */
export interface PackedFile {
  /** Absolute. */
  path: string
  /** Lower-case hex. */
  sha256: string
}
