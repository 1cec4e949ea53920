/** What the thread that stages files is told, and what it answers beside checksums. */

/** Bytes that are hashed at a time. */
export const BLOCK_BYTES = 1024 * 1024

/** A piece of a large file to be hashed; without one, the file's MD5 is asked for. */
export interface PieceRequest {
  /** Of the file. */
  id: number
  bytes?: Uint8Array
}

/** A small file that is to be written, and both of whose checksums are asked for. */
export interface SlotRequest {
  /** Which BLOCK_BYTES of the memory that the thread began with. */
  slot: number
  size: number
  /** Where there is no file yet. */
  path: string
}

/** Why a small file could not be written. */
export interface SlotFailure {
  message: string
  /** The system's, e.g. `ENOSPC`. */
  code: string | undefined
}

/** Memory that both threads see. */
export type Block = Uint8Array<SharedArrayBuffer>
