import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const HOUR = 3_600_000
const WORK = 'work-'

/**
 * Lets something be made in a folder of its own, to be moved into the cache when it is whole.
 *
 * @param folder Of the cache; made when it is not there
 */
export async function inWorkFolder<T>(
  folder: string,
  make: (work: string) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, WORK))
  try {
    return await make(work)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Removes all files but the newest, and work that ended with its process.
 *
 * @param keep How many files to keep
 */
export async function prune(folder: string, keep: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return { path: join(folder, name), isWork: name.startsWith(WORK), made: found?.mtimeMs ?? 0 }
    }),
  )
  entries.sort((a, b) => b.made - a.made)
  const old = entries.filter(({ isWork }) => !isWork).slice(keep)
  const stale = entries.filter(({ isWork, made }) => isWork && Date.now() - made > HOUR)
  for (const { path } of [...old, ...stale]) await rm(path, { recursive: true, force: true })
}
