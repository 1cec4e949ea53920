/** A file on this machine, ready to be stored. */
export interface PackedFile {
  /** Absolute. */
  path: string
  /** Lower-case hex. */
  sha256: string
}
