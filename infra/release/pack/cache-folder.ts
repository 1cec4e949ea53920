import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const HOUR_MS = 3_600_000
const WORK_PREFIX = 'work-'

/**
 * Runs a function with a temporary folder inside the cache. The function moves its complete result out
 * of there; the temporary folder is removed.
 *
 * @param folder Of the cache; created if missing
 */
export async function inWorkFolder<T>(
  folder: string,
  run: (work: string) => Promise<T>,
): Promise<T> {
  await mkdir(folder, { recursive: true })
  const work = await mkdtemp(join(folder, WORK_PREFIX))
  try {
    return await run(work)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/**
 * Removes all files but the newest, and temporary folders that a killed process has left.
 *
 * @param maxFiles Number of files that stay
 */
export async function prune(folder: string, maxFiles: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined)
      return {
        path: join(folder, name),
        isWork: name.startsWith(WORK_PREFIX),
        modifiedMs: found?.mtimeMs ?? 0,
      }
    }),
  )
  entries.sort((a, b) => b.modifiedMs - a.modifiedMs)
  const old = entries.filter(({ isWork }) => !isWork).slice(maxFiles)
  const stale = entries.filter(
    ({ isWork, modifiedMs }) => isWork && Date.now() - modifiedMs > HOUR_MS,
  )
  for (const { path } of [...old, ...stale]) await rm(path, { recursive: true, force: true })
}
