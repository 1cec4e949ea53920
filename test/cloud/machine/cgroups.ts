import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Hierarchies that a machine gets a group in, where this host has them. */
interface Hierarchies {
  /** cgroup v2 and the named one of systemd: nspawn makes groups of its own in there. */
  processes: string[]
  /** Has the file that limits memory, and its name. */
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

/**
 * Where a systemd inside a machine can have limits on the memory of its units kept: by cgroup v2, by
 * the hierarchy of v1 on a host whose memory is counted there, or not at all.
 */
export async function memoryLimits(): Promise<'v2' | 'v1' | undefined> {
  const { memory } = await hierarchies()
  if (memory === undefined) return undefined
  return memory.file === 'memory.max' ? 'v2' : 'v1'
}

/**
 * Makes the control groups of a machine.
 *
 * @param memoryBytes What it may use, where the host can limit that
 * @returns Folders; a process is in the groups once its id is written to `cgroup.procs` in each
 */
export async function makeControlGroups(name: string, memoryBytes: number): Promise<string[]> {
  const { processes, memory } = await hierarchies()
  const folders = processes.map((folder) => join(folder, name))
  if (memory && !folders.includes(join(memory.folder, name)))
    folders.push(join(memory.folder, name))
  for (const folder of folders) await mkdir(folder, { recursive: true })
  if (memory) await writeFile(join(memory.folder, name, memory.file), String(memoryBytes))
  return folders
}

/** Control groups whose name begins so, in every hierarchy. */
export async function findControlGroups(prefix: string): Promise<string[]> {
  const { processes, memory } = await hierarchies()
  const found: string[] = []
  for (const folder of new Set([...processes, ...(memory ? [memory.folder] : [])])) {
    for (const name of await readdir(folder)) {
      if (name.startsWith(prefix)) found.push(join(folder, name))
    }
  }
  return found
}

/** Ids of the processes in a control group and those below it. */
export async function processesOf(folder: string): Promise<number[]> {
  const found: number[] = []
  for (const group of await groupsBelow(folder)) {
    const text = await readFile(join(group, 'cgroup.procs'), 'utf8').catch(() => '')
    found.push(...text.split('\n').filter(Boolean).map(Number))
  }
  return found
}

/** Removes control groups that have no process, with those below them. */
export async function removeControlGroups(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    // The kernel takes a moment to let go of a group after its last process.
    for (let attempt = 0; existsSync(folder) && attempt < 50; attempt++) {
      if (attempt > 0) await sleep(50)
      for (const group of await groupsBelow(folder)) await rmdir(group).catch(() => {})
    }
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
