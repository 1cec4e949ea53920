import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { archiveFolder } from './archive.ts'
import { buildApp } from './build-app.ts'
import type { Checkout } from './checkout.ts'
import { fileDigest } from './file-digest.ts'
import { checkInstalled, type PackageLock } from './package-lock.ts'
import type { PackedFile } from './packed-file.ts'
import { sourceDigest } from './source-digest.ts'

const KEPT = 10

/**
 * The server and the page as a tar: `server.mjs` and `client/`. Built when the sources or the packages
 * have changed, otherwise taken from the cache.
 *
 * @throws RunError when packages are missing or the build fails
 */
export async function packApp(checkout: Checkout, lock: PackageLock): Promise<PackedFile> {
  await checkInstalled(checkout, lock)
  const folder = join(checkout.cache, 'app')
  const known = join(folder, `${await sourceDigest(checkout)}.sha256`)
  const before = await cached(folder, known)
  if (before) return before
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, 'building-'))
  try {
    await buildApp(checkout, join(work, 'app'))
    await archiveFolder(join(work, 'app'), join(work, 'app.tar'))
    const sha256 = await fileDigest(join(work, 'app.tar'))
    const path = join(folder, `${sha256}.tar`)
    await rename(join(work, 'app.tar'), path)
    await writeFile(join(work, 'known'), sha256)
    await rename(join(work, 'known'), known)
    await forget(folder, path)
    return { path, sha256 }
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function cached(folder: string, known: string): Promise<PackedFile | undefined> {
  try {
    const sha256 = await readFile(known, 'utf8')
    const path = join(folder, `${sha256}.tar`)
    return (await fileDigest(path)) === sha256 ? { path, sha256 } : undefined
  } catch {
    return undefined
  }
}

/** Removes all but the newest archives. */
async function forget(folder: string, current: string): Promise<void> {
  const paths = (await readdir(folder)).filter((name) => name.endsWith('.tar'))
  const ages = await Promise.all(
    paths.map(async (name) => ({
      path: join(folder, name),
      made: (await stat(join(folder, name))).mtimeMs,
    })),
  )
  ages.sort((a, b) => b.made - a.made)
  for (const { path } of ages.slice(KEPT)) if (path !== current) await rm(path, { force: true })
}
