import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where runs keep what is theirs; a name in it tells whose it is. */
export const RUNS_FOLDER = '/run/oss-direct-upload'

/** What names of everything on the host begin with: namespaces, cgroups and machines. */
const PREFIX = 'odu'

let rooms = 0

/** Name of a new run of this process: `odu-PID-START-COUNT`. */
export function newRunName(): string {
  rooms += 1
  return `${PREFIX}-${process.pid}-${startOf(process.pid)}-${rooms}`
}

/** Makes the folder of a run. */
export function makeRunFolder(name: string): string {
  const folder = join(RUNS_FOLDER, name)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return folder
}

/** Whether a name is that of a run at all. */
export function isRunName(name: string): boolean {
  return new RegExp(`^${PREFIX}-\\d+-\\d+-\\d+$`).test(name)
}

/** Whether the process that a run belongs to is still there; numbers of processes come again. */
export function isOwned(name: string): boolean {
  const [, pid = '', start] = name.split('-')
  return startOf(Number(pid)) === start
}

/** When a process began, in ticks since the start of the machine. Source: proc_pid_stat(5). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program stands in brackets, and may have spaces.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
