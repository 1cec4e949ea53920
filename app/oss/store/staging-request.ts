/** Messages to the staging thread, and its failures. */

/** Bytes that are hashed at a time. */
export const BLOCK_BYTES = 1024 * 1024

/** Hashes a block of a large file. Without bytes, ends the file and asks for its MD5. */
export interface BlockRequest {
  /** Identifies the file. */
  id: number
  bytes?: Uint8Array
}

/** Writes and hashes a small file. */
export interface SmallFileRequest {
  /** Number of the slot, of BLOCK_BYTES, in the shared memory that holds the file's bytes. */
  slot: number
  /** Bytes. */
  size: number
  /** Must not exist. */
  path: string
}

/** Why a small file could not be written. */
export interface SmallFileFailure {
  message: string
  /** The system's code, e.g. `ENOSPC`. */
  code: string | undefined
}

/** Memory that both threads share. */
export type Block = Uint8Array<SharedArrayBuffer>
