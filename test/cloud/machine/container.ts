import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeControlGroups, processesOf, removeControlGroups } from './cgroups.ts'
import { namespacePath } from './network-namespace.ts'

export interface ContainerOptions {
  /** Also of its control groups. */
  name: string
  root: string
  networkNamespace: string
  memoryBytes: number
  /** Path; what is said goes to its end. */
  consoleLog: string
  /** Whether its systemd works with the control groups of v1, those of memory among them. */
  legacyControlGroups: boolean
}

/**
 * Starts systemd on control groups of v1. nspawn mounts those but the named one for reading only; in
 * the machine's own namespace of them they begin at its group, and may be written to.
 * Source of the words: kernel-command-line(7) of systemd 257, which takes a container's from the
 * arguments of its first process.
 */
const LEGACY_INIT = [
  ...['sh', '-c', 'mount -o remount,bind,rw /sys/fs/cgroup/memory && exec /sbin/init "$@"', 'init'],
  ...['systemd.unified_cgroup_hierarchy=0', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'],
]

/** Signals that systemd takes as orders. Source: systemd(1). */
const POWER_OFF = 4
const REBOOT = 5
/** SIGRTMIN of glibc and of the kernel's users. */
const SIGRTMIN = 34
const STARTING_MS = 20_000
const STOPPING_MS = 30_000

/** How nspawn ends when the machine asks to be started again. */
const ASKS_FOR_RESTART = 133

/** A Debian that runs from its systemd on, in systemd-nspawn. */
export class Container {
  readonly #options: ContainerOptions
  readonly #groups: readonly string[]
  readonly #ended: Promise<void>
  #end: () => void = () => {}
  #nspawn: ChildProcess | undefined
  #over = false
  #cut = false
  #leader = 0

  private constructor(options: ContainerOptions, groups: readonly string[]) {
    this.#options = options
    this.#groups = groups
    this.#ended = new Promise((resolve) => {
      this.#end = () => {
        this.#over = true
        resolve()
      }
    })
  }

  /** Powers it on. @throws Error when there is no first process */
  static async start(options: ContainerOptions): Promise<Container> {
    const groups = await makeControlGroups(options.name, options.memoryBytes)
    const container = new Container(options, groups)
    const nspawn = container.#launch()
    const leader = await findLeader(() => nspawn, 0)
    if (leader === undefined) {
      await container.kill()
      throw new Error(`systemd-nspawn started no machine; its console is ${options.consoleLog}`)
    }
    container.#leader = leader
    return container
  }

  /** Id, on the host, of the first process inside. */
  get leader(): number {
    return this.#leader
  }

  get running(): boolean {
    return !this.#over
  }

  /** Resolves when it is off, whoever turned it off. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Powers it off in order, or hard when that takes too long. */
  async powerOff(): Promise<void> {
    if (!this.#over) signal(this.#leader, SIGRTMIN + POWER_OFF)
    const late = sleep(STOPPING_MS, 'late', { ref: false })
    if ((await Promise.race([this.#ended, late])) === 'late') await this.kill()
    await removeControlGroups(this.#groups)
  }

  /** Cuts its power. */
  async kill(): Promise<void> {
    this.#cut = true
    this.#nspawn?.kill('SIGKILL')
    for (const group of this.#groups) {
      for (const pid of await processesOf(group)) signal(pid, constants.signals.SIGKILL)
    }
    await this.#ended
    await removeControlGroups(this.#groups)
  }

  /** Restarts it; resolves when there is another first process. @throws Error when there is none */
  async reboot(): Promise<void> {
    const before = this.#leader
    signal(before, SIGRTMIN + REBOOT)
    const leader = await findLeader(() => (this.#over ? undefined : this.#nspawn), before)
    if (leader === undefined) throw new Error('The machine did not come back from its reboot')
    this.#leader = leader
  }

  #launch(): ChildProcess {
    const { name, root, networkNamespace, consoleLog, legacyControlGroups } = this.#options
    const log = openSync(consoleLog, 'a')
    const args = [
      '--quiet',
      ...(legacyControlGroups ? [] : ['--boot']),
      '--register=no',
      '--keep-unit',
      `--machine=${name}`,
      `--network-namespace-path=${namespacePath(networkNamespace)}`,
      // For IPAddressDeny= and its like in the units.
      '--capability=CAP_NET_ADMIN,CAP_BPF',
      '--system-call-filter=bpf',
      '--resolv-conf=off',
      '--timezone=off',
      '--link-journal=no',
      '--console=pipe',
      `--directory=${root}`,
      ...(legacyControlGroups ? LEGACY_INIT : []),
    ]
    // The groups have to be entered first: nspawn makes those of the machine in there.
    const enter =
      'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec "$@"'
    const command = ['-c', enter, 'sh', ...this.#groups, '--', 'systemd-nspawn', ...args]
    const nspawn = spawn('sh', command, {
      stdio: ['ignore', log, log],
      // Ctrl-C is for the owner, which then takes the machine down in order.
      detached: true,
      env: {
        PATH: process.env.PATH ?? '',
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: legacyControlGroups ? '0' : '1',
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network',
      },
    })
    closeSync(log)
    nspawn.once('exit', (code) => {
      if (code === ASKS_FOR_RESTART && !this.#cut) this.#launch()
      else this.#end()
    })
    this.#nspawn = nspawn
    return nspawn
  }
}

/** The child of nspawn that is the first in a process namespace of its own. */
async function findLeader(
  nspawn: () => ChildProcess | undefined,
  notThis: number,
): Promise<number | undefined> {
  const deadline = Date.now() + STARTING_MS + (notThis > 0 ? STOPPING_MS : 0)
  while (Date.now() < deadline) {
    const pid = nspawn()?.pid
    if (pid === undefined || (notThis === 0 && nspawn()?.exitCode !== null)) return undefined
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '')
    for (const child of children.split(' ').filter(Boolean).map(Number)) {
      const status = await readFile(`/proc/${child}/status`, 'utf8').catch(() => '')
      if (child !== notThis && /^NSpid:.*\t1$/m.test(status)) return child
    }
    await sleep(20)
  }
  return undefined
}

function signal(pid: number, number: number): void {
  try {
    process.kill(pid, number)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
