import { closeSync, fstatSync, openSync, writevSync } from 'node:fs'

/**
 * Writes a file at once. It is handed to the system, not synced to the disk.
 *
 * @param path Where there is no file yet; when it fails there may be a part of one
 * @param size Bytes of all chunks
 * @returns Its inode
 * @throws the system's error
 */
export function writeNewFile(path: string, chunks: readonly Uint8Array[], size: number): number {
  const file = openSync(path, 'wx')
  try {
    let done = size > 0 ? writevSync(file, chunks) : 0
    if (done < size) {
      const rest = Buffer.concat(chunks)
      while (done < size) done += writevSync(file, [rest.subarray(done)])
    }
    return fstatSync(file).ino
  } finally {
    closeSync(file)
  }
}
