import { readdir } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { create } from 'tar'

/**
 * Writes a folder's files as an uncompressed tar. Its bytes depend on names and contents of the files,
 * not on their times, owners and permissions.
 */
export async function archiveFolder(folder: string, tarPath: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
  await create(
    {
      file: tarPath,
      cwd: folder,
      portable: true,
      mtime: new Date(0),
      onWriteEntry: ({ stat }) => {
        if (stat) stat.mode = 0o644
      },
    },
    // `tar` would include a name that starts with "@" as an archive.
    files.map((path) => (path.startsWith('@') ? `./${path}` : path)),
  )
}
