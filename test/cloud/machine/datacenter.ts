import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Web, Wire } from '../control-plane/gateway/public-web.ts'
import type {
  BackendTarget,
  BalancerPlan,
  Hardware,
  IngressRule,
  MachineDescription,
  Probe,
  ProbeResult,
} from '../control-plane/hardware.ts'
import type { InternetAuthority } from './acme-authority.ts'
import { type CloudAnswers, type Door, openCloudDoor, openDoor } from './cloud-endpoints.ts'
import type { CommandOptions, CommandResult } from './command.ts'
import { makeTrustLayer } from './disk.ts'
import { guestImage } from './guest-image.ts'
import { CONNECT_TIMEOUT, probeServer } from './health-probe.ts'
import { prepareHost } from './host.ts'
import { Internet } from './internet.ts'
import { forwardRequest, InternetAgent, InternetTlsAgent } from './internet-agents.ts'
import { LoadBalancer } from './load-balancer.ts'
import { Machine, type MachineConditions } from './machine.ts'
import { MetadataService } from './metadata-service.ts'
import type { RoleCredentials } from './metadata-tree.ts'
import type { Outage } from './nftables-rules.ts'
import { makeRunFolder, newRunName } from './run-name.ts'
import { findLeftovers, type Leftovers, removeLeftovers, sweepDeadRuns } from './run-resources.ts'
import { addressPlan, VirtualSwitch } from './virtual-switch.ts'

/** What machines need of the cloud that they are in. */
export interface MachineCloud extends CloudAnswers {
  accountId: string
  /** PEM of the authority that its certificates are from; machines trust it. */
  certificate: string
  /** Of an instance's role, at each request; undefined while it has none. */
  roleCredentials(instanceId: string): RoleCredentials | undefined
}

interface Route {
  instanceId: string
  rules: readonly IngressRule[]
}

/** Name of the namespace that browsers and programs of visitors run in. */
const VISITOR = 'web'

const DEFAULT_CONDITIONS: MachineConditions = {
  diskBytes: 4 * 1024 ** 3,
  memoryBytes: 1024 ** 3,
  clockOffsetSeconds: 0,
}

/**
 * The hardware of a simulated cloud: machines that boot a real Debian, in network namespaces that
 * nothing outside sees. One room for one cloud; several can be at work at once.
 */
export class MachineRoom implements Hardware {
  /** What holds for machines whose disk is made from now on. */
  readonly conditions: MachineConditions = { ...DEFAULT_CONDITIONS }
  /** Name of the run: what begins with it on the host belongs to this room. */
  readonly run: string
  /** Network namespace of visitors, for `ip netns exec`. */
  readonly visitorNamespace: string
  readonly #folder: string
  readonly #image: string
  readonly #internet: Internet
  readonly #watchdog: ChildProcess
  readonly #doors: Door[] = []
  readonly #machines = new Map<string, Machine>()
  readonly #switches = new Map<string, Promise<VirtualSwitch>>()
  readonly #routes = new Map<string, Route>()
  readonly #outages = new Set<Outage>()
  readonly #balancers = new Map<string, LoadBalancer>()
  /** PEM of the authorities that clients on the internet trust. */
  readonly #trusted: string[] = []
  /** Of machines that are gone. */
  readonly #records = new Map<string, string>()
  #cloud: MachineCloud | undefined
  #layers: readonly string[] = []
  #count = 0
  #closed: Promise<void> | undefined

  private constructor(
    run: string,
    folder: string,
    image: string,
    internet: Internet,
    visitorNamespace: string,
    watchdog: ChildProcess,
  ) {
    this.run = run
    this.#folder = folder
    this.#image = image
    this.#internet = internet
    this.visitorNamespace = visitorNamespace
    this.#watchdog = watchdog
  }

  /**
   * Makes a room; what dead runs left is taken away first.
   *
   * @param report Told of the progress, a sentence at a time
   * @throws MachineUnavailable where no machine can be booted
   */
  static async open(report: (line: string) => void = () => {}): Promise<MachineRoom> {
    await prepareHost(report)
    const image = await guestImage(report)
    await sweepDeadRuns()
    const run = newRunName()
    const folder = makeRunFolder(run)
    const watchdog = startWatchdog(run)
    try {
      const internet = await Internet.make(run, folder)
      const { namespace } = await internet.addClient(VISITOR)
      return new MachineRoom(run, folder, image, internet, namespace, watchdog)
    } catch (error) {
      await removeLeftovers(run)
      watchdog.stdin?.end()
      throw error
    }
  }

  /** Puts the cloud behind its names; before the first machine starts. */
  async attach(cloud: MachineCloud): Promise<void> {
    this.#cloud = cloud
    this.#trusted.push(cloud.certificate)
    const trust = join(this.#folder, 'trust')
    this.#layers = [await makeTrustLayer(trust, this.#image, cloud.certificate), this.#image]
    const { plain, tls } = await this.#internet.listen()
    this.#doors.push(
      openCloudDoor(plain, cloud, { secure: false, network: 'internet' }),
      openCloudDoor(tls, cloud, { secure: true, network: 'internet' }),
    )
  }

  /**
   * Puts a certificate authority on the internet, once the cloud is attached.
   *
   * @param program Path of Pebble's
   */
  async startAuthority(program: string): Promise<InternetAuthority> {
    const cloud = this.#cloud
    if (!cloud) throw new Error('An authority has a name in a cloud: attach() comes first')
    const authority = await this.#internet.startAuthority({
      folder: this.#folder,
      program,
      issue: (host) => cloud.issue(host),
      trusted: cloud.certificate,
    })
    this.#trusted.push(authority.root)
    this.#doors.push({ close: () => void authority.close() })
    return authority
  }

  async start(description: MachineDescription): Promise<void> {
    const { instanceId, vSwitchId, privateIp } = description
    const network = await this.#switch(vSwitchId, privateIp)
    let machine = this.#machines.get(instanceId)
    if (!machine) {
      const name = `${this.run}-vm${++this.#count}`
      const folder = join(this.#folder, `vm${this.#count}`)
      const conditions = { ...this.conditions }
      const layers = this.#layers
      machine = new Machine({ description, name, folder, network, conditions, layers })
      this.#machines.set(instanceId, machine)
    }
    await machine.start(description)
  }

  async stop(instanceId: string): Promise<void> {
    await this.machine(instanceId).stop()
  }

  async remove(instanceId: string): Promise<void> {
    const machine = this.#machines.get(instanceId)
    if (!machine) return
    await machine.stop()
    this.#records.set(instanceId, await machine.record())
    await machine.remove()
    this.#machines.delete(instanceId)
  }

  async route(eip: string, target: Route | undefined): Promise<void> {
    const before = this.#routes.get(eip)
    if (before && before.instanceId !== target?.instanceId) {
      await this.#machines.get(before.instanceId)?.network.route(eip, undefined)
    }
    if (!target) {
      this.#routes.delete(eip)
      return this.#internet.route(eip, undefined)
    }
    const { network, description } = this.machine(target.instanceId)
    this.#routes.set(eip, target)
    await network.route(eip, { eip, privateIp: description.privateIp, rules: target.rules })
    await this.#internet.route(eip, network.uplink)
  }

  async balance(plan: BalancerPlan): Promise<void> {
    const { loadBalancerId, dnsName, addresses, ports } = plan
    let balancer = this.#balancers.get(loadBalancerId)
    if (!balancer) {
      balancer = new LoadBalancer({
        listen: (address, port) => this.#internet.listenAt(address, port),
        connect: (target, timeoutMs) => this.#connect(target, timeoutMs),
      })
      this.#balancers.set(loadBalancerId, balancer)
    }
    await balancer.follow(plan)
    await this.#internet.name(dnsName, ports.length > 0 ? addresses : [])
  }

  async probe(probe: Probe): Promise<ProbeResult> {
    return probeServer((target, timeoutMs) => this.#connect(target, timeoutMs), probe)
  }

  /** What load balancers had to answer in a server's place, e.g. `:80 GET /signature 502`. */
  get refusedRequests(): string[] {
    return [...this.#balancers.values()].flatMap(({ refused }) => refused)
  }

  /** Has a name on the internet lead where another one leads, as a CNAME record does. */
  async alias(name: string, addresses: readonly string[]): Promise<void> {
    await this.#internet.name(name, addresses)
  }

  /** A machine that has not been removed. @throws Error */
  machine(instanceId: string): Machine {
    const machine = this.#machines.get(instanceId)
    if (!machine) throw new Error(`There is no machine ${instanceId}`)
    return machine
  }

  /** Ids of the instances whose machine has not been removed. */
  get instanceIds(): string[] {
    return [...this.#machines.keys()]
  }

  /** Runs a program inside a machine, as root. @throws Error when the machine is off */
  async exec(
    instanceId: string,
    command: readonly [string, ...string[]],
    options?: CommandOptions,
  ): Promise<CommandResult> {
    return this.machine(instanceId).exec(command, options)
  }

  /** Console and journal of a machine, also of one that is gone: for people. */
  async record(instanceId: string): Promise<string> {
    const machine = this.#machines.get(instanceId)
    return machine ? machine.record() : (this.#records.get(instanceId) ?? '')
  }

  /** Records of all machines that there were: to be shown when something has failed. */
  async records(): Promise<string> {
    const ids = [...new Set([...this.#records.keys(), ...this.#machines.keys()])]
    const texts = await Promise.all(ids.map(async (id) => `${id}\n${await this.record(id)}`))
    return texts.join('\n\n')
  }

  /** Another client on the internet, in a namespace of its own, whose name it gets. */
  async addVisitor(name: string): Promise<string> {
    return (await this.#internet.addClient(name)).namespace
  }

  /** Connect to public addresses from the internet; with https, to those whom clients trust there. */
  readonly callbackAgents = {
    http: new InternetAgent(() => this.#internet.sockets),
    https: new InternetTlsAgent(
      () => this.#internet.sockets,
      () => this.#trusted,
    ),
  }

  /** Pages at public addresses, for programs that reach the cloud by its proxy. */
  readonly web: Web = ({ eip, port }, request, response) =>
    forwardRequest(this.callbackAgents.http, { address: eip, port }, request, response)

  /** Connections to public addresses, for the same programs. */
  readonly wire: Wire = ({ eip, port }) => this.#internet.sockets.connect(eip, port)

  /** Cuts something off for all machines, now and later, or no longer. */
  async setOutage(outage: Outage, down: boolean): Promise<void> {
    if (down) this.#outages.add(outage)
    else this.#outages.delete(outage)
    for (const network of this.#switches.values()) await (await network).setOutage(outage, down)
  }

  /** What this room has on the host now. */
  leftovers(): Promise<Leftovers> {
    return findLeftovers(this.run)
  }

  /** Ends everything and takes it away; a second call waits for the first. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    for (const door of this.#doors) door.close()
    for (const balancer of this.#balancers.values()) balancer.close()
    await Promise.all(
      [...this.#machines].map(async ([instanceId, machine]) => {
        await machine.kill()
        this.#records.set(instanceId, await machine.record())
      }),
    )
    for (const network of this.#switches.values()) await (await network).close()
    await this.#internet.close()
    await removeLeftovers(this.run)
    const ended = new Promise((resolve) => this.#watchdog.once('exit', resolve))
    this.#watchdog.stdin?.end()
    await ended
  }

  /** From a load balancer to an instance; one whose machine was never there does not answer. */
  async #connect(target: BackendTarget, timeoutMs: number) {
    const machine = this.#machines.get(target.instanceId)
    if (!machine) throw new Error(CONNECT_TIMEOUT)
    return machine.network.connect(target, timeoutMs)
  }

  #switch(vSwitchId: string, privateIp: string): Promise<VirtualSwitch> {
    let network = this.#switches.get(vSwitchId)
    if (!network) {
      network = this.#makeSwitch(privateIp)
      this.#switches.set(vSwitchId, network)
    }
    return network
  }

  async #makeSwitch(privateIp: string): Promise<VirtualSwitch> {
    const cloud = this.#cloud
    if (!cloud) throw new Error('A machine starts in a cloud: attach() comes first')
    const plan = addressPlan(privateIp)
    const namespace = `${this.run}-vsw${this.#switches.size}`
    const network = await VirtualSwitch.make(namespace, plan, this.#internet, this.#folder)
    const { metadata, plain, tls } = await network.listen()
    const service = new MetadataService((address) => this.#metadataOf(network, address))
    this.#doors.push(
      openDoor(metadata, (request, response) => service.handle(request, response)),
      openCloudDoor(plain, cloud, { secure: false, network: 'vpc' }),
      openCloudDoor(tls, cloud, { secure: true, network: 'vpc' }),
    )
    for (const outage of this.#outages) await network.setOutage(outage, true)
    return network
  }

  #metadataOf(network: VirtualSwitch, address: string) {
    const cloud = this.#cloud
    const machine = [...this.#machines.values()].find(
      ({ network: its, description }) => its === network && description.privateIp === address,
    )
    if (!cloud || !machine) return undefined
    const { instanceId } = machine.description
    const [eip] = [...this.#routes].find(([, route]) => route.instanceId === instanceId) ?? []
    return {
      machine: machine.description,
      serialNumber: machine.serialNumber,
      accountId: cloud.accountId,
      plan: network.plan,
      eip,
      credentials: cloud.roleCredentials(instanceId),
    }
  }
}

function startWatchdog(run: string): ChildProcess {
  const file = fileURLToPath(new URL('./cleanup-process.ts', import.meta.url))
  mkdirSync('/run/netns', { recursive: true })
  const watchdog = spawn(process.execPath, [file, run], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // In a session of its own: what ends the owner's group does not end it.
    detached: true,
  })
  watchdog.unref()
  return watchdog
}
