import { rename } from 'node:fs/promises'
import { join } from 'node:path'
import { UserError } from '../../pulumi/user-error.ts'
import { archiveFolder } from './archive.ts'
import { inWorkFolder, prune } from './cache-folder.ts'
import { fileDigest } from './file-digest.ts'
import type { PackedFile } from './packed-file.ts'

/** Apps of others that the cache holds. */
const MAX_FILES = 4

/**
 * Packs a built app as a tar whose bytes depend on its files alone.
 *
 * @param folder With `server.mjs`
 * @param cache Folder of the packed files
 * @throws UserError when the folder has no `server.mjs`
 */
export async function packAppFolder(folder: string, cache: string): Promise<PackedFile> {
  await fileDigest(join(folder, 'server.mjs')).catch(() => {
    throw new UserError(`The app to ship needs a file server.mjs in ${folder}`)
  })
  const apps = join(cache, 'folders')
  return inWorkFolder(apps, async (work) => {
    const tar = join(work, 'app.tar')
    await archiveFolder(folder, tar)
    const sha256 = await fileDigest(tar)
    const path = join(apps, `${sha256}.tar`)
    await rename(tar, path)
    await prune(apps, MAX_FILES)
    return { path, sha256 }
  })
}
