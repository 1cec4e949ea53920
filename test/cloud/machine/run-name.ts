import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Has a folder for each run, under the run's name. */
export const RUNS_FOLDER = '/run/oss-direct-upload'

/** Prefix of everything on the host that belongs to a run: namespaces, cgroups and machines. */
const PREFIX = 'odu'

let count = 0

/** Returns a name for a new run of this process: `odu-PID-STARTTIME-COUNT`. */
export function newRunName(): string {
  count += 1
  return `${PREFIX}-${process.pid}-${startTime(process.pid)}-${count}`
}

/** Creates the folder of a run. @returns Its path */
export function makeRunFolder(run: string): string {
  const folder = join(RUNS_FOLDER, run)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Returns whether a name is that of a run. */
export function isRunName(name: string): boolean {
  return new RegExp(`^${PREFIX}-\\d+-\\d+-\\d+$`).test(name)
}

/**
 * Returns whether the process that a run belongs to is alive. The start time tells it from a later
 * process with the same id.
 */
export function isOwnerAlive(run: string): boolean {
  const [, pid = '', start] = run.split('-')
  return startTime(Number(pid)) === start
}

/** Start time of a process in clock ticks since boot. Source: proc_pid_stat(5). */
function startTime(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field, the program's name in parentheses, may contain spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
