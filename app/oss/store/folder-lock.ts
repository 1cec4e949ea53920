import { mkdir, readFile, realpath, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Thrown when another process serves the folder. The message names the process and the remedy. */
export class FolderInUseError extends Error {
  constructor(folder: string, owner: string, lock: string) {
    super(
      `The folder ${folder} is already served by process ${owner}. Choose another folder, or stop ` +
        `that process. If no process serves the folder, remove ${lock}`,
    )
    this.name = 'FolderInUseError'
  }
}

/** Locks of this process. */
const held = new Set<string>()

/**
 * Locks a folder for this process, because two processes would remove each other's staged files. The
 * lock of a process that was killed is ignored.
 *
 * @returns a function that releases the lock
 * @throws FolderInUseError, or the system's error when the folder cannot be written to
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(join(folder, '.oss'), { recursive: true })
  const lock = join(await realpath(folder), '.oss', 'lock')
  for (let attempt = 1; !(await create(lock)); attempt += 1) {
    const owner = await readOwner(lock)
    if (attempt > 3 || (await isServing(owner, lock))) {
      throw new FolderInUseError(folder, owner, lock)
    }
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

async function readOwner(lock: string): Promise<string> {
  const owner = await readFile(lock, 'utf8').catch(() => '')
  if (owner !== '') return owner
  // A process that has just created the file writes into it next.
  await sleep(100)
  return readFile(lock, 'utf8').catch(() => '')
}

// The id of a killed process may belong to another process now, or to this one: in a container, the
// only process often has the id 1.
async function isServing(owner: string, lock: string): Promise<boolean> {
  const pid = /^[1-9]\d{0,9}$/.test(owner) ? Number(owner) : 0
  if (pid === 0) return false
  if (pid === process.pid) return held.has(lock)
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // On Linux, a process that has ended keeps its id until its parent reaps it.
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return !/\) [ZX] /.test(state)
}
