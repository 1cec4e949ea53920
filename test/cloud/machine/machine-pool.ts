import { join } from 'node:path'
import type { MachineDescription } from 'simulated-cloud'
import { Machine, type MachineConditions } from './machine.ts'
import type { VirtualSwitch } from './virtual-switch.ts'

/** The machines of a datacenter by the id of their instance, and the logs of removed ones. */
export class MachinePool {
  /** For machines that start for the first time from now on. */
  readonly conditions: MachineConditions = {
    diskBytes: 4 * 1024 ** 3,
    memoryBytes: 1024 ** 3,
    clockOffsetSeconds: 0,
  }
  readonly #run: string
  readonly #folder: string
  readonly #machines = new Map<string, Machine>()
  /** Of removed machines. */
  readonly #logs = new Map<string, string>()
  #count = 0

  /** @param folder For folders of the machines */
  constructor(run: string, folder: string) {
    this.#run = run
    this.#folder = folder
  }

  /** Ids of the instances whose machine has not been removed. */
  get ids(): string[] {
    return [...this.#machines.keys()]
  }

  /** Returns a machine. @throws Error when there is none, or it has been removed */
  get(instanceId: string): Machine {
    const machine = this.#machines.get(instanceId)
    if (!machine) throw new Error(`There is no machine ${instanceId}`)
    return machine
  }

  /** Returns a machine, if it exists. */
  find(instanceId: string): Machine | undefined {
    return this.#machines.get(instanceId)
  }

  /** Returns the machine that has a private address in a vSwitch. */
  findByAddress(vSwitch: VirtualSwitch, address: string): Machine | undefined {
    return [...this.#machines.values()].find(
      ({ network, description }) => network === vSwitch && description.privateIp === address,
    )
  }

  /** Starts a machine, which is made the first time. @param layers As in `MachineOptions` */
  async start(
    description: MachineDescription,
    network: VirtualSwitch,
    layers: readonly string[],
  ): Promise<void> {
    let machine = this.#machines.get(description.instanceId)
    if (!machine) {
      const id = `vm${++this.#count}`
      const [name, folder] = [`${this.#run}-${id}`, join(this.#folder, id)]
      const conditions = { ...this.conditions }
      machine = new Machine({ description, name, folder, network, conditions, layers })
      this.#machines.set(description.instanceId, machine)
    }
    await machine.start(description)
  }

  async remove(instanceId: string): Promise<void> {
    const machine = this.#machines.get(instanceId)
    if (!machine) return
    await machine.stop()
    this.#logs.set(instanceId, await machine.log())
    await machine.remove()
    this.#machines.delete(instanceId)
  }

  /** Cuts the power of all machines. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#machines.values()].map((machine) => machine.kill()))
    for (const [id, machine] of this.#machines) this.#logs.set(id, await machine.log())
  }

  /** Returns console and journal of a machine, even of a removed one. */
  async log(instanceId: string): Promise<string> {
    const machine = this.#machines.get(instanceId)
    return machine ? machine.log() : (this.#logs.get(instanceId) ?? '')
  }

  /** Returns console and journal of all machines, for the report of a failed test. */
  async allLogs(): Promise<string> {
    const ids = [...new Set([...this.#logs.keys(), ...this.#machines.keys()])]
    const logs = await Promise.all(ids.map(async (id) => `${id}\n${await this.log(id)}`))
    return logs.join('\n\n')
  }
}
