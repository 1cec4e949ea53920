import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The cgroup hierarchies of this host in which a machine gets a group. */
interface Hierarchies {
  /** cgroup v2 and systemd's named hierarchy, in which nspawn makes groups itself. */
  processes: string[]
  /** The hierarchy that limits memory, and the file for the limit. */
  memory: { folder: string; file: string } | undefined
}

async function hierarchies(): Promise<Hierarchies> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((l) => l.split(' '))
  const unified = mounts.find(([, , type]) => type === 'cgroup2')?.[1]
  const v1 = (option: string): string | undefined =>
    mounts.find(
      ([, , type, options]) => type === 'cgroup' && options?.split(',').includes(option),
    )?.[1]
  const named = v1('name=systemd')
  const memory = v1('memory')
  const controllers = unified
    ? await readFile(join(unified, 'cgroup.subtree_control'), 'utf8').catch(() => '')
    : ''
  return {
    processes: [unified, named].filter((folder) => folder !== undefined),
    memory: memory
      ? { folder: memory, file: 'memory.limit_in_bytes' }
      : unified && /\bmemory\b/.test(controllers)
        ? { folder: unified, file: 'memory.max' }
        : undefined,
  }
}

/** Returns which cgroup version enforces memory limits of units inside a machine, if any does. */
export async function memoryLimits(): Promise<'v2' | 'v1' | undefined> {
  const { memory } = await hierarchies()
  if (memory === undefined) return undefined
  return memory.file === 'memory.max' ? 'v2' : 'v1'
}

/**
 * Makes the cgroups of a machine.
 *
 * @param memoryBytes Memory limit, where the host can enforce one
 * @returns Their folders; a process joins by writing its id to `cgroup.procs` in each
 */
export async function makeCgroups(name: string, memoryBytes: number): Promise<string[]> {
  const { processes, memory } = await hierarchies()
  const folders = processes.map((folder) => join(folder, name))
  if (memory && !folders.includes(join(memory.folder, name)))
    folders.push(join(memory.folder, name))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  if (memory) await writeFile(join(memory.folder, name, memory.file), String(memoryBytes))
  return folders
}

/** Finds the cgroups whose name has a prefix, in every hierarchy. */
export async function findCgroups(prefix: string): Promise<string[]> {
  const { processes, memory } = await hierarchies()
  const found: string[] = []
  for (const folder of new Set([...processes, ...(memory ? [memory.folder] : [])])) {
    for (const name of await readdir(folder)) {
      if (name.startsWith(prefix)) found.push(join(folder, name))
    }
  }
  return found
}

/** Returns the ids of the processes in a cgroup and its descendants. */
export async function processesOf(folder: string): Promise<number[]> {
  const found: number[] = []
  for (const group of await groupsBelow(folder)) {
    const text = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')
    found.push(...text.split('\n').filter(Boolean).map(Number))
  }
  return found
}

/** Removes cgroups that have no process, with their descendants. */
export async function removeCgroups(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    // The kernel keeps a group for a moment after its last process.
    for (let attempt = 0; existsSync(folder) && attempt < 50; attempt++) {
      if (attempt > 0) await sleep(50)
      for (const group of await groupsBelow(folder)) await rmdir(group).catch(() => {})
    }
  }
}

/** Sends a signal to a process, unless it has ended. */
export function killProcess(pid: number, signal: NodeJS.Signals | number): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Deepest first, the folder itself last. */
async function groupsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const below: string[] = []
  for (const entry of entries) {
    if (entry.isDirectory()) below.push(...(await groupsBelow(join(folder, entry.name))))
  }
  return [...below, folder]
}
