import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildClient, CLIENT_DIR } from './build.ts'

// Not the page's folder alone: it takes rules and checksums from its neighbours.
const SOURCES = fileURLToPath(new URL('../..', import.meta.url))
const LOCKFILE = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))
const STAMP = fileURLToPath(
  new URL('../../../node_modules/.cache/oss-direct-upload/client', import.meta.url),
)

/**
 * The built page, built anew only when its sources or the packages have changed since, or when the
 * built files have: building takes longer than all the rest of a start.
 *
 * @returns The folder to serve
 */
export async function currentClient(): Promise<string> {
  const before = await readFile(STAMP, 'utf8').catch(() => '')
  const sources = await contentHash()
  if (before === `${sources} ${await builtFiles()}`) return CLIENT_DIR
  await buildClient()
  await mkdir(dirname(STAMP), { recursive: true })
  await writeFile(STAMP, `${sources} ${await builtFiles()}`)
  return CLIENT_DIR
}

/** Hash of every source file of the page and its neighbours, and of the lockfile. */
async function contentHash(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of await filesBelow(SOURCES)) {
    hash.update(`${path}\0`).update(await readFile(path))
  }
  return hash.update(await readFile(LOCKFILE).catch(() => '')).digest('hex')
}

/** Hash of the names, sizes and times of what was built; empty when nothing was. */
async function builtFiles(): Promise<string> {
  const paths = await filesBelow(CLIENT_DIR).catch((): string[] => [])
  if (!paths.includes(join(CLIENT_DIR, 'index.html'))) return ''
  const hash = createHash('sha256')
  for (const path of paths) {
    const { size, mtimeMs } = await stat(path)
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}
