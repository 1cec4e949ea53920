import { mkdir, readFile, realpath, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Thrown when another process serves the folder; the message says which, and what to do. */
export class FolderInUseError extends Error {
  constructor(folder: string, owner: string, lock: string) {
    super(
      `The folder ${folder} is already served by process ${owner}: choose another, or end that ` +
        `process. If there is none that serves it, remove ${lock}`,
    )
    this.name = 'FolderInUseError'
  }
}

const held = new Set<string>()

/**
 * Takes a folder for this process. Two that serve one folder would each remove what the other is
 * just receiving. A process that was killed leaves its lock behind, which then counts for nothing.
 *
 * @returns What gives the folder back
 * @throws FolderInUseError, or the system's error when the folder cannot be written to
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(join(folder, '.oss'), { recursive: true })
  const lock = join(await realpath(folder), '.oss', 'lock')
  for (let attempt = 1; !(await create(lock)); attempt += 1) {
    const owner = await ownerOf(lock)
    if (attempt > 3 || (await isServing(owner, lock)))
      throw new FolderInUseError(folder, owner, lock)
    await unlink(lock).catch(() => {})
  }
  held.add(lock)
  return async () => {
    if (held.delete(lock)) await unlink(lock).catch(() => {})
  }
}

async function create(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function ownerOf(lock: string): Promise<string> {
  const owner = await readFile(lock, 'utf8').catch(() => '')
  if (owner !== '') return owner
  // Whoever has just made the file is about to write into it.
  await sleep(100)
  return readFile(lock, 'utf8').catch(() => '')
}

// The number of a process that was killed may have been given to another one since: to this one,
// too, as in a container whose only process is always number 1.
async function isServing(owner: string, lock: string): Promise<boolean> {
  const pid = /^[1-9]\d{0,9}$/.test(owner) ? Number(owner) : 0
  if (pid === 0) return false
  if (pid === process.pid) return held.has(lock)
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // Linux keeps the number of a process that has ended until its parent asks for it.
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(state)
}
