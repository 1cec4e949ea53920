import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findControlGroups, processesOf, removeControlGroups } from './cgroups.ts'
import { attemptCommand } from './command.ts'
import { namespacesOf, removeNamespace } from './network-namespace.ts'
import { isOwned, isRunName, RUNS_FOLDER } from './run-name.ts'

/** What a run has on the host. */
export interface Leftovers {
  namespaces: string[]
  /** Where something is mounted, the latest first. */
  mounts: string[]
  controlGroups: string[]
  /** Ids, in its namespaces and control groups. */
  processes: number[]
  /** Its own folder, and those that nspawn keeps for machines of it. */
  folders: string[]
}

const NSPAWN_FOLDERS = ['propagate', 'unix-export'].map((name) => `/run/systemd/nspawn/${name}`)

/** What a run has on the host now: nothing once it is over. */
export async function findLeftovers(run: string): Promise<Leftovers> {
  const folder = join(RUNS_FOLDER, run)
  const namespaces = await namespacesOf(run)
  const controlGroups = await findControlGroups(`${run}-`)
  const processes = new Set<number>()
  for (const namespace of namespaces) {
    const { stdout } = await attemptCommand('ip', ['netns', 'pids', namespace])
    for (const pid of stdout.split('\n').filter(Boolean)) processes.add(Number(pid))
  }
  for (const group of controlGroups) for (const pid of await processesOf(group)) processes.add(pid)
  const mounts = (await readFile('/proc/self/mountinfo', 'utf8'))
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((path) => path.startsWith(`${folder}/`) || path.includes(`/nspawn/propagate/${run}-`))
    .reverse()
  return {
    namespaces,
    mounts,
    controlGroups,
    processes: [...processes],
    folders: [...(existsSync(folder) ? [folder] : []), ...(await nspawnFolders(run))],
  }
}

/** nspawn leaves them behind when it is killed. */
async function nspawnFolders(run: string): Promise<string[]> {
  const found: string[] = []
  for (const folder of NSPAWN_FOLDERS) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (name.startsWith(`${run}-`)) found.push(join(folder, name))
    }
  }
  return found
}

/** Takes away everything that a run has on the host, whatever state it is in. */
export async function removeLeftovers(run: string): Promise<void> {
  let found = await findLeftovers(run)
  for (let attempt = 0; found.processes.length > 0 && attempt < 100; attempt++) {
    for (const pid of found.processes) kill(pid)
    await sleep(50)
    found = await findLeftovers(run)
  }
  for (const path of found.mounts) {
    const { code } = await attemptCommand('umount', [path])
    if (code !== 0) await attemptCommand('umount', ['--lazy', path])
  }
  for (const namespace of found.namespaces) await removeNamespace(namespace)
  await removeControlGroups(found.controlGroups)
  for (const folder of found.folders) await rm(folder, { recursive: true, force: true })
}

/** Takes away what runs left whose process has ended. @returns Their names */
export async function sweepDeadRuns(): Promise<string[]> {
  const names = await readdir(RUNS_FOLDER).catch(() => [])
  const dead = names.filter((name) => isRunName(name) && !isOwned(name))
  for (const name of dead) await removeLeftovers(name)
  return dead
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
