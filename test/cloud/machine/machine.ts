import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineDescription } from 'simulated-cloud'
import { memoryLimits } from './cgroups.ts'
import { attemptCommand, type CommandOptions, type CommandResult } from './command.ts'
import { Container } from './container.ts'
import { type Disk, GUEST_PATH, makeDisk, removeDisk } from './disk.ts'
import { makeNamespace, removeNamespace } from './network-namespace.ts'
import type { VirtualSwitch } from './virtual-switch.ts'

/** Properties of a machine that the cloud does not decide. */
export interface MachineConditions {
  /** Size of its writable layer. */
  diskBytes: number
  /** Enforced where the host can limit memory. */
  memoryBytes: number
  /** By which the clock of its services is ahead; negative when it is behind. */
  clockOffsetSeconds: number
}

export interface MachineOptions {
  description: MachineDescription
  /** Of its namespace and its cgroups on the host. */
  name: string
  /** For its files; made here. */
  folder: string
  network: VirtualSwitch
  conditions: MachineConditions
  /** Read-only layers of its disk, the topmost first. */
  layers: readonly string[]
}

/** A machine with its disk and its network interface. */
export class Machine {
  description: MachineDescription
  /**
   * Whether memory limits of units are enforced from the next start on. On a host whose cgroup v2 has no
   * memory controller this takes cgroup v1, where systemd cannot filter addresses for a unit.
   *
   * @default false
   */
  memoryLimits = false
  readonly network: VirtualSwitch
  readonly #options: MachineOptions
  #disk: Disk | undefined
  #container: Container | undefined

  constructor(options: MachineOptions) {
    this.#options = options
    this.description = options.description
    this.network = options.network
  }

  /** Of its namespace and its cgroups on the host. */
  get name(): string {
    return this.#options.name
  }

  /** Empty before the first start. */
  get serialNumber(): string {
    return this.#disk?.serialNumber ?? ''
  }

  get running(): boolean {
    return this.#container?.running ?? false
  }

  /** Powers it on. The first start makes its disk. */
  async start(description: MachineDescription): Promise<void> {
    if (this.running) throw new Error(`The machine ${description.instanceId} is running already`)
    this.description = description
    this.#disk ??= await this.#build()
    const { name, conditions } = this.#options
    this.#container = await Container.start({
      name,
      root: this.#disk.root,
      networkNamespace: name,
      memoryBytes: conditions.memoryBytes,
      consoleLog: this.#consoleLog,
      cgroupV1: this.memoryLimits && (await memoryLimits()) === 'v1',
    })
  }

  /** Shuts it down. */
  async stop(): Promise<void> {
    await this.#container?.powerOff()
  }

  /** Cuts its power. */
  async kill(): Promise<void> {
    await this.#container?.kill()
  }

  /** Reboots it. */
  async reboot(): Promise<void> {
    await this.#running().reboot()
  }

  /** Removes it with its disk. It must be off. */
  async remove(): Promise<void> {
    if (!this.#disk) return
    await removeNamespace(this.#options.name)
    await this.network.unplug(this.description.mac)
    await removeDisk(this.#options.folder)
    this.#disk = undefined
  }

  /** Runs a program in the machine, as root. @throws Error when the machine is off */
  async exec(
    command: readonly [string, ...string[]],
    options: CommandOptions = {},
  ): Promise<CommandResult> {
    const enter = ['-t', String(this.#running().leader), '-m', '-u', '-i', '-n', '-p', '--']
    return attemptCommand('nsenter', [...enter, ...command], {
      ...options,
      env: { PATH: GUEST_PATH, LANG: 'C.UTF-8', ...options.env },
    })
  }

  /** Returns its console and its journal, whether it runs or not. */
  async log(): Promise<string> {
    const console = await readFile(this.#consoleLog, 'utf8').catch(() => '')
    return `--- console ---\n${console.trim()}\n--- journal ---\n${(await this.#journal()).trim()}`
  }

  async #journal(): Promise<string> {
    if (!this.#disk) return ''
    const folder = join(this.#disk.root, 'var/log/journal')
    if (!existsSync(folder) || (await readdir(folder)).length === 0) return ''
    const args = ['--directory', folder, '--no-pager', '--output=short-precise']
    return (await attemptCommand('journalctl', args)).stdout
  }

  get #consoleLog(): string {
    return join(this.#options.folder, 'console.log')
  }

  #running(): Container {
    const container = this.#container
    if (!container?.running) throw new Error(`The machine ${this.description.instanceId} is off`)
    return container
  }

  async #build(): Promise<Disk> {
    const { description, name, folder, conditions, layers, network } = this.#options
    const { mac, privateIp: address, hostName } = description
    await makeNamespace(name)
    await network.plugIn(name, { mac, address, hostName })
    const bytes = conditions.diskBytes
    const disk = await makeDisk({ folder, layers, bytes, hostName })
    if (conditions.clockOffsetSeconds !== 0) {
      await shiftClock(disk.root, conditions.clockOffsetSeconds)
    }
    return disk
  }
}

/**
 * Shifts the clock of everything that systemd starts, with libfaketime, because a container shares its
 * host's clock. Monotonic clocks stay right.
 */
async function shiftClock(root: string, seconds: number): Promise<void> {
  const libraries = join(root, 'usr/lib')
  const [library] = (await readdir(libraries)).flatMap((name) => {
    const path = join('usr/lib', name, 'faketime/libfaketimeMT.so.1')
    return existsSync(join(root, path)) ? [`/${path}`] : []
  })
  const folder = join(root, 'etc/systemd/system.conf.d')
  await mkdir(folder, { recursive: true })
  const offset = `${seconds > 0 ? '+' : ''}${seconds}s`
  const variables = [`LD_PRELOAD=${library}`, `FAKETIME=${offset}`, 'DONT_FAKE_MONOTONIC=1']
  const line = `DefaultEnvironment=${variables.map((text) => `"${text}"`).join(' ')}`
  await writeFile(join(folder, 'clock.conf'), `[Manager]\n${line}\n`)
}
