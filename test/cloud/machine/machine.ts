import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MachineDescription } from '../control-plane/hardware.ts'
import { memoryLimits } from './cgroups.ts'
import { attemptCommand, type CommandOptions, type CommandResult } from './command.ts'
import { Container } from './container.ts'
import { type Disk, GUEST_PATH, makeDisk, removeDisk } from './disk.ts'
import { makeNamespace, removeNamespace } from './network-namespace.ts'
import type { VirtualSwitch } from './virtual-switch.ts'

/** What a machine is like, beyond what the cloud says of it. */
export interface MachineConditions {
  /** Room for what it writes. */
  diskBytes: number
  /** Where the host can limit it. */
  memoryBytes: number
  /** How much the clock of its services is ahead. */
  clockOffsetSeconds: number
}

export interface MachineOptions {
  description: MachineDescription
  /** Of what it has on the host. */
  name: string
  /** Its own; made here. */
  folder: string
  network: VirtualSwitch
  conditions: MachineConditions
  /** Folders that its disk starts from, the first on top. */
  layers: readonly string[]
}

/** One machine, with its disk and its network interface. */
export class Machine {
  description: MachineDescription
  /**
   * Whether limits on the memory of units are kept inside, from the next start on. Where the host's
   * cgroup v2 does not count memory, it takes those of v1, and nothing there filters addresses for a
   * unit. @default false, whatever the host has for cgroup v2
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

  /** Of its control groups, and of what else it has on the host. */
  get name(): string {
    return this.#options.name
  }

  /** Of its hardware; empty before it was first started. */
  get serialNumber(): string {
    return this.#disk?.serialNumber ?? ''
  }

  get running(): boolean {
    return this.#container?.running ?? false
  }

  /** Its file system, seen from the host. @throws Error before it was first started */
  get root(): string {
    if (!this.#disk) throw new Error('The machine has no disk yet')
    return this.#disk.root
  }

  /** Powers it on; the first time, its disk is made. */
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
      legacyControlGroups: this.memoryLimits && (await memoryLimits()) === 'v1',
    })
  }

  /** Powers it off in order. */
  async stop(): Promise<void> {
    await this.#container?.powerOff()
  }

  /** Cuts its power. */
  async kill(): Promise<void> {
    await this.#container?.kill()
  }

  /** Restarts it, as from within. */
  async reboot(): Promise<void> {
    await this.#running().reboot()
  }

  /** Takes away everything of it; it has to be off. */
  async remove(): Promise<void> {
    if (!this.#disk) return
    await removeNamespace(this.#options.name)
    await this.network.unplug(this.description.mac)
    await removeDisk(this.#options.folder)
    this.#disk = undefined
  }

  /** Runs a program inside, as root. @throws Error when the machine is off */
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

  /** Console and journal, for people. */
  async record(): Promise<string> {
    const console = await readFile(this.#consoleLog, 'utf8').catch(() => '')
    return `--- console ---\n${console.trim()}\n--- journal ---\n${(await this.journal()).trim()}`
  }

  /** Its journal, read from outside; running or not. */
  async journal(...args: string[]): Promise<string> {
    if (!this.#disk) return ''
    const folder = join(this.#disk.root, 'var/log/journal')
    if (!existsSync(folder) || (await readdir(folder)).length === 0) return ''
    const options = ['--no-pager', '--output=short-precise', ...args]
    return (await attemptCommand('journalctl', ['--directory', folder, ...options])).stdout
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
 * Sets the clock of everything that systemd starts off, by libfaketime: a container has the clock of
 * its host. Times that measure how long something took stay right.
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
