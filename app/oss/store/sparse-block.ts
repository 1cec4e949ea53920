const ZEROS = Buffer.alloc(64 * 1024)

/** Whether there is nothing but zero bytes in a block: it can be a hole in its file. */
export function isEmptyBlock(block: Uint8Array): boolean {
  for (let at = 0; at < block.length; at += ZEROS.length) {
    const some = block.subarray(at, at + ZEROS.length)
    if (ZEROS.compare(some, 0, some.length, 0, some.length) !== 0) return false
  }
  return true
}
