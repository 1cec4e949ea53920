import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { killProcess, makeCgroups, processesOf, removeCgroups } from './cgroups.ts'
import { namespacePath } from './network-namespace.ts'

export interface ContainerOptions {
  /** Also the name of its cgroups. */
  name: string
  root: string
  networkNamespace: string
  memoryBytes: number
  /** Path of a file that its console is appended to. */
  consoleLog: string
  /** Whether its systemd uses cgroup v1, including the memory controller. */
  cgroupV1: boolean
}

/**
 * Starts systemd on cgroup v1. nspawn mounts its hierarchies read-only, except for the named one; inside
 * the machine's cgroup namespace they are its own and can be remounted writable.
 * Source: kernel-command-line(7) of systemd 257; a container passes these as arguments of init.
 */
const CGROUP_V1_INIT = [
  ...['sh', '-c', 'mount -o remount,bind,rw /sys/fs/cgroup/memory && exec /sbin/init "$@"', 'init'],
  ...['systemd.unified_cgroup_hierarchy=0', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'],
]

/** Offsets from SIGRTMIN of signals to systemd. Source: systemd(1). */
const POWER_OFF = 4
const REBOOT = 5
/** As glibc defines it. */
const SIGRTMIN = 34
const START_TIMEOUT_MS = 20_000
const STOP_TIMEOUT_MS = 30_000

/** Exit code of nspawn when the machine reboots. */
const REBOOT_EXIT_CODE = 133

/** A Debian system with its own systemd, in systemd-nspawn. */
export class Container {
  readonly #options: ContainerOptions
  readonly #groups: readonly string[]
  readonly #ended: Promise<void>
  #end: () => void = () => {}
  #nspawn: ChildProcess | undefined
  #stopped = false
  #killed = false
  #leader = 0

  private constructor(options: ContainerOptions, groups: readonly string[]) {
    this.#options = options
    this.#groups = groups
    this.#ended = new Promise((resolve) => {
      this.#end = () => {
        this.#stopped = true
        resolve()
      }
    })
  }

  /** Powers it on. @throws Error when no init process starts */
  static async start(options: ContainerOptions): Promise<Container> {
    const groups = await makeCgroups(options.name, options.memoryBytes)
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

  /** Process id of its init on the host. */
  get leader(): number {
    return this.#leader
  }

  get running(): boolean {
    return !this.#stopped
  }

  /** Resolves when it is off, for whatever reason. */
  get ended(): Promise<void> {
    return this.#ended
  }

  /** Shuts it down; cuts the power if that takes too long. */
  async powerOff(): Promise<void> {
    if (!this.#stopped) killProcess(this.#leader, SIGRTMIN + POWER_OFF)
    const timeout = sleep(STOP_TIMEOUT_MS, 'timeout', { ref: false })
    if ((await Promise.race([this.#ended, timeout])) === 'timeout') await this.kill()
    await removeCgroups(this.#groups)
  }

  /** Cuts its power. */
  async kill(): Promise<void> {
    this.#killed = true
    this.#nspawn?.kill('SIGKILL')
    for (const group of this.#groups) {
      for (const pid of await processesOf(group)) killProcess(pid, 'SIGKILL')
    }
    await this.#ended
    await removeCgroups(this.#groups)
  }

  /** Reboots it; resolves when its new init runs. @throws Error when none starts */
  async reboot(): Promise<void> {
    const before = this.#leader
    killProcess(before, SIGRTMIN + REBOOT)
    const leader = await findLeader(() => (this.#stopped ? undefined : this.#nspawn), before)
    if (leader === undefined) throw new Error('The machine did not come back from its reboot')
    this.#leader = leader
  }

  #launch(): ChildProcess {
    const { name, root, networkNamespace, consoleLog, cgroupV1 } = this.#options
    const log = openSync(consoleLog, 'a')
    const args = [
      '--quiet',
      ...(cgroupV1 ? [] : ['--boot']),
      '--register=no',
      '--keep-unit',
      `--machine=${name}`,
      `--network-namespace-path=${namespacePath(networkNamespace)}`,
      // For IPAddressDeny= and similar settings of units.
      '--capability=CAP_NET_ADMIN,CAP_BPF',
      '--system-call-filter=bpf',
      '--resolv-conf=off',
      '--timezone=off',
      '--link-journal=no',
      '--console=pipe',
      `--directory=${root}`,
      ...(cgroupV1 ? CGROUP_V1_INIT : []),
    ]
    // nspawn must run in these groups, because it makes the machine's below its own.
    const enter =
      'while [ "$1" != -- ]; do echo $$ > "$1/cgroup.procs"; shift; done; shift; exec "$@"'
    const command = ['-c', enter, 'sh', ...this.#groups, '--', 'systemd-nspawn', ...args]
    const nspawn = spawn('sh', command, {
      stdio: ['ignore', log, log],
      // Ctrl-C is meant for the owner, which then shuts the machine down.
      detached: true,
      env: {
        PATH: process.env.PATH ?? '',
        SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: cgroupV1 ? '0' : '1',
        SYSTEMD_NSPAWN_API_VFS_WRITABLE: 'network',
      },
    })
    closeSync(log)
    nspawn.once('exit', (code) => {
      if (code === REBOOT_EXIT_CODE && !this.#killed) this.#launch()
      else this.#end()
    })
    this.#nspawn = nspawn
    return nspawn
  }
}

/** Finds the child of nspawn that is the init of a process namespace. */
async function findLeader(
  nspawn: () => ChildProcess | undefined,
  notThis: number,
): Promise<number | undefined> {
  const deadline = Date.now() + START_TIMEOUT_MS + (notThis > 0 ? STOP_TIMEOUT_MS : 0)
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
