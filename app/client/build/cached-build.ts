import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildClient, CLIENT_DIR } from './build.ts'

// The page imports other rooms of `app`.
const SOURCES = fileURLToPath(new URL('../..', import.meta.url))
const LOCKFILE = fileURLToPath(new URL('../../../package-lock.json', import.meta.url))
const STAMP = fileURLToPath(
  new URL('../../../node_modules/.cache/oss-direct-upload/client', import.meta.url),
)

/**
 * Builds the page if its sources, the installed packages or the built files have changed since the
 * last build. A build takes longer than the rest of a start.
 *
 * @returns The folder to serve
 */
export async function buildClientIfChanged(): Promise<string> {
  const stamp = await readFile(STAMP, 'utf8').catch(() => '')
  const sources = await hashSources()
  if (stamp === `${sources} ${await hashOutput()}`) return CLIENT_DIR
  await buildClient()
  await mkdir(dirname(STAMP), { recursive: true })
  await writeFile(STAMP, `${sources} ${await hashOutput()}`)
  return CLIENT_DIR
}

/** Returns the hash of all source files and the lockfile. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256')
  for (const path of await filesBelow(SOURCES)) {
    hash.update(`${path}\0`).update(await readFile(path))
  }
  return hash.update(await readFile(LOCKFILE).catch(() => '')).digest('hex')
}

/** Returns the hash of the names, sizes and times of the built files, or '' before the first build. */
async function hashOutput(): Promise<string> {
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
