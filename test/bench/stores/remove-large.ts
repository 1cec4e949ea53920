import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

const LARGE = 32 * 1024 ** 2

/**
 * Removes the large files below a folder. Memory that the system has never used before costs a
 * virtual machine ten times as much to fill: whoever came first would have the pages of the files
 * that were removed, the others new ones.
 */
export async function removeLarge(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await stat(path)).size >= LARGE) await unlink(path)
  }
}
