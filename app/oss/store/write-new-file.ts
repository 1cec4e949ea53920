import { closeSync, fstatSync, openSync, writevSync } from 'node:fs'

/**
 * Writes a new file synchronously, without syncing it to the disk. A failure may leave an incomplete
 * file.
 *
 * @param path Must not exist
 * @param size Bytes of all chunks
 * @returns the file's inode
 * @throws the system's error
 */
export function writeNewFile(path: string, chunks: readonly Uint8Array[], size: number): number {
  const file = openSync(path, 'wx')
  try {
    let written = size > 0 ? writevSync(file, chunks) : 0
    if (written < size) {
      const bytes = Buffer.concat(chunks)
      while (written < size) written += writevSync(file, [bytes.subarray(written)])
    }
    return fstatSync(file).ino
  } finally {
    closeSync(file)
  }
}
