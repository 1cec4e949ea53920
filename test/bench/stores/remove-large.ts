import { readdir, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'

const LARGE = 32 * 1024 ** 2

/**
 * Removes the large files in a folder. In a virtual machine, memory that was never used before is ten
 * times slower to fill: without this, uploads after the first would be written to new pages.
 */
export async function removeLarge(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile() && (await stat(path)).size >= LARGE) await unlink(path)
  }
}
