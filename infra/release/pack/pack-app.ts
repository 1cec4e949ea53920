import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveFolder } from './archive.ts'
import { buildApp } from './build-app.ts'
import { inWorkFolder, prune } from './cache-folder.ts'
import type { Checkout } from './checkout.ts'
import { fileDigest } from './file-digest.ts'
import { checkInstalled, type PackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'
import { sourceDigest } from './source-digest.ts'

/** Each build takes two files: the archive and the digest of its sources. */
const MAX_FILES = 20

/**
 * Packs the server and the page as a tar: `server.mjs` and `client/`. They are built when the sources
 * or the packages have changed, otherwise taken from the cache.
 *
 * @throws UserError when packages are missing or the build fails
 */
export async function packApp(checkout: Checkout, lock: PackageLock): Promise<PackedFile> {
  await checkInstalled(checkout, lock)
  const folder = join(checkout.cache, 'app')
  const digestFile = join(folder, `${await sourceDigest(checkout)}.sha256`)
  const hit = await cached(folder, digestFile)
  if (hit) return hit
  return inWorkFolder(folder, async (work) => {
    await buildApp(checkout, join(work, 'app'))
    await archiveFolder(join(work, 'app'), join(work, 'app.tar'))
    const sha256 = await fileDigest(join(work, 'app.tar'))
    const path = join(folder, `${sha256}.tar`)
    await rename(join(work, 'app.tar'), path)
    await writeFile(join(work, 'digest'), sha256)
    await rename(join(work, 'digest'), digestFile)
    await prune(folder, MAX_FILES)
    return { path, sha256 }
  })
}

async function cached(folder: string, digestFile: string): Promise<PackedFile | undefined> {
  try {
    const sha256 = await readFile(digestFile, 'utf8')
    const path = join(folder, `${sha256}.tar`)
    return (await fileDigest(path)) === sha256 ? { path, sha256 } : undefined
  } catch {
    return undefined
  }
}
