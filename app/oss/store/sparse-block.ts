const ZEROS = Buffer.alloc(64 * 1024)

/** Returns whether a block has only zero bytes, so that it can be a hole in its file. */
export function isEmptyBlock(block: Uint8Array): boolean {
  for (let at = 0; at < block.length; at += ZEROS.length) {
    const slice = block.subarray(at, at + ZEROS.length)
    if (ZEROS.compare(slice, 0, slice.length, 0, slice.length) !== 0) return false
  }
  return true
}
