import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findCgroups, killProcess, processesOf, removeCgroups } from './cgroups.ts'
import { attemptCommand } from './command.ts'
import { namespacesOf, removeNamespace } from './network-namespace.ts'
import { isOwnerAlive, isRunName, RUNS_FOLDER } from './run-name.ts'

/** What a run has on the host. */
export interface RunResources {
  namespaces: string[]
  /** Mount points, the latest first. */
  mounts: string[]
  cgroups: string[]
  /** Process ids in its namespaces and cgroups. */
  processes: number[]
  /** Its own folder, and those that nspawn made for its machines. */
  folders: string[]
}

const NSPAWN_FOLDERS = ['propagate', 'unix-export'].map((name) => `/run/systemd/nspawn/${name}`)

/** Finds what a run has on the host. */
export async function findRunResources(run: string): Promise<RunResources> {
  const folder = join(RUNS_FOLDER, run)
  const namespaces = await namespacesOf(run)
  const cgroups = await findCgroups(`${run}-`)
  const processes = new Set<number>()
  for (const namespace of namespaces) {
    const { stdout } = await attemptCommand('ip', ['netns', 'pids', namespace])
    for (const pid of stdout.split('\n').filter(Boolean)) processes.add(Number(pid))
  }
  for (const group of cgroups) for (const pid of await processesOf(group)) processes.add(pid)
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`) || path.includes(`/nspawn/propagate/${run}-`))
    .reverse()
  return {
    namespaces,
    mounts,
    cgroups,
    processes: [...processes],
    folders: [...(existsSync(folder) ? [folder] : []), ...(await nspawnFolders(run))],
  }
}

/** nspawn does not remove them when it is killed. */
async function nspawnFolders(run: string): Promise<string[]> {
  const found: string[] = []
  for (const folder of NSPAWN_FOLDERS) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith(`${run}-`)) found.push(join(folder, name))
    }
  }
  return found
}

/** Removes everything that a run has on the host, whatever state it is in. */
export async function removeRunResources(run: string): Promise<void> {
  let found = await findRunResources(run)
  for (let attempt = 0; found.processes.length > 0 && attempt < 100; attempt++) {
    for (const pid of found.processes) killProcess(pid, 'SIGKILL')
    await sleep(50)
    found = await findRunResources(run)
  }
  for (const path of found.mounts) {
    const { code } = await attemptCommand('umount', [path])
    if (code !== 0) await attemptCommand('umount', ['--lazy', path])
  }
  for (const namespace of found.namespaces) await removeNamespace(namespace)
  await removeCgroups(found.cgroups)
  for (const folder of found.folders) await rm(folder, { recursive: true, force: true })
}

/** Removes what is left of runs whose process has ended. */
export async function removeStaleRuns(): Promise<void> {
  const names = await readdir(RUNS_FOLDER).catch(() => [])
  const stale = names.filter((name) => isRunName(name) && !isOwnerAlive(name))
  for (const name of stale) await removeRunResources(name)
}
