import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type {
  BackendTarget,
  BalancerPlan,
  Hardware,
  IngressRule,
  MachineDescription,
  Probe,
  ProbeResult,
  Web,
  Wire,
} from 'simulated-cloud'
import { AcmeAuthority } from './acme-authority.ts'
import { type CloudEndpoints, serveCloud } from './cloud-endpoints.ts'
import { makeTrustLayer } from './disk.ts'
import { guestImage } from './guest-image.ts'
import { CONNECT_TIMEOUT, probeServer } from './health-probe.ts'
import { prepareHost } from './host.ts'
import { Internet } from './internet.ts'
import { forwardRequest, InternetAgent, InternetTlsAgent } from './internet-agents.ts'
import { LoadBalancer } from './load-balancer.ts'
import { MachinePool } from './machine-pool.ts'
import type { MetadataSource, RoleCredentials } from './metadata-tree.ts'
import type { Outage } from './nftables-rules.ts'
import { makeRunFolder, newRunName } from './run-name.ts'
import {
  findRunResources,
  type RunResources,
  removeRunResources,
  removeStaleRuns,
} from './run-resources.ts'
import type { HttpService } from './serve-connections.ts'
import type { VirtualSwitch } from './virtual-switch.ts'
import { VSwitchPool } from './vswitch-pool.ts'

/** What machines need of the cloud that they belong to. */
export interface AttachedCloud extends CloudEndpoints {
  accountId: string
  /** PEM of the authority of the cloud's certificates, which machines trust. */
  certificate: string
  /** Returns the credentials of an instance's role; undefined while it has none. */
  roleCredentials(instanceId: string): RoleCredentials | undefined
}

interface Route {
  instanceId: string
  rules: readonly IngressRule[]
}

/**
 * The hardware of a simulated cloud: machines that boot a real Debian in network namespaces, isolated
 * from the host's network. Each cloud has its own; several can run at once.
 */
export class Datacenter implements Hardware {
  readonly machines: MachinePool
  /** Prefix of the names of everything that this datacenter has on the host. */
  readonly run: string
  /** Network namespace of a client on the internet, for `ip netns exec`. */
  readonly visitorNamespace: string
  readonly #folder: string
  readonly #image: string
  readonly #internet: Internet
  readonly #cleanupProcess: ChildProcess
  readonly #services: HttpService[] = []
  readonly #routes = new Map<string, Route>()
  readonly #balancers = new Map<string, LoadBalancer>()
  /** PEM of the authorities that clients on the internet trust. */
  readonly #trusted: string[] = []
  #attached: { cloud: AttachedCloud; vSwitches: VSwitchPool; layers: string[] } | undefined
  #closed: Promise<void> | undefined

  private constructor(
    run: string,
    folder: string,
    image: string,
    internet: Internet,
    visitorNamespace: string,
    cleanupProcess: ChildProcess,
  ) {
    this.machines = new MachinePool(run, folder)
    this.run = run
    this.#folder = folder
    this.#image = image
    this.#internet = internet
    this.visitorNamespace = visitorNamespace
    this.#cleanupProcess = cleanupProcess
  }

  /**
   * Makes a datacenter, and removes what is left of earlier runs that were killed.
   *
   * @param report Receives progress messages
   * @throws MachineUnavailable where no machine can boot
   */
  static async open(report: (line: string) => void = () => {}): Promise<Datacenter> {
    await prepareHost(report)
    const image = await guestImage(report)
    await removeStaleRuns()
    const run = newRunName()
    const folder = makeRunFolder(run)
    const cleanup = startCleanupProcess(run)
    try {
      const internet = await Internet.make(run, folder)
      const { namespace } = await internet.addClient('web')
      return new Datacenter(run, folder, image, internet, namespace, cleanup)
    } catch (error) {
      await removeRunResources(run)
      cleanup.stdin?.end()
      throw error
    }
  }

  /** Serves the cloud at its host names. Must come before the first machine starts. */
  async attach(cloud: AttachedCloud): Promise<void> {
    this.#trusted.push(cloud.certificate)
    const trust = join(this.#folder, 'trust')
    const layers = [await makeTrustLayer(trust, this.#image, cloud.certificate), this.#image]
    const { plain, tls } = await this.#internet.listen()
    this.#services.push(
      serveCloud(plain, cloud, { secure: false, network: 'internet' }),
      serveCloud(tls, cloud, { secure: true, network: 'internet' }),
    )
    const vSwitches = new VSwitchPool({
      run: this.run,
      folder: this.#folder,
      internet: this.#internet,
      cloud,
      metadataOf: (vSwitch, address) => this.#metadataOf(cloud, vSwitch, address),
    })
    this.#attached = { cloud, vSwitches, layers }
  }

  /**
   * Starts a certificate authority on the internet.
   *
   * @param program Path of Pebble's executable
   */
  async startAuthority(program: string): Promise<AcmeAuthority> {
    const { cloud } = this.#attachment
    const authority = await AcmeAuthority.start({
      ...this.#internet.forAuthority,
      folder: this.#folder,
      program,
      issue: (host) => cloud.issue(host),
      trusted: cloud.certificate,
    })
    this.#trusted.push(authority.root)
    this.#services.push({ close: () => void authority.close() })
    return authority
  }

  async start(description: MachineDescription): Promise<void> {
    const { vSwitches, layers } = this.#attachment
    const network = await vSwitches.get(description.vSwitchId, description.privateIp)
    await this.machines.start(description, network, layers)
  }

  async stop(instanceId: string): Promise<void> {
    await this.machines.get(instanceId).stop()
  }

  async remove(instanceId: string): Promise<void> {
    await this.machines.remove(instanceId)
  }

  async route(eip: string, target: Route | undefined): Promise<void> {
    const before = this.#routes.get(eip)
    if (before && before.instanceId !== target?.instanceId) {
      await this.machines.find(before.instanceId)?.network.route(eip, undefined)
    }
    if (!target) {
      this.#routes.delete(eip)
      return this.#internet.route(eip, undefined)
    }
    const { network, description } = this.machines.get(target.instanceId)
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
    await balancer.apply(plan)
    await this.#internet.setName(dnsName, ports.length > 0 ? addresses : [])
  }

  async probe(probe: Probe): Promise<ProbeResult> {
    return probeServer((target, timeoutMs) => this.#connect(target, timeoutMs), probe)
  }

  /** Requests that load balancers answered with an error of their own: `:80 GET /signature 502`. */
  get failedRequests(): string[] {
    return [...this.#balancers.values()].flatMap(({ failed }) => failed)
  }

  /** Makes a DNS name resolve to these addresses on the internet, like a CNAME record. */
  async alias(name: string, addresses: readonly string[]): Promise<void> {
    await this.#internet.setName(name, addresses)
  }

  /** Adds a client on the internet. @returns Its network namespace */
  async addVisitor(name: string): Promise<string> {
    return (await this.#internet.addClient(name)).namespace
  }

  /** Connect from the internet; by HTTPS only to servers with a certificate trusted there. */
  readonly callbackAgents = {
    http: new InternetAgent(() => this.#internet.sockets),
    https: new InternetTlsAgent(
      () => this.#internet.sockets,
      () => this.#trusted,
    ),
  }

  /** Forwards requests of programs that use the cloud's proxy to public addresses. */
  readonly web: Web = ({ eip, port }, request, response) =>
    forwardRequest(this.callbackAgents.http, { address: eip, port }, request, response)

  /** Connects the same programs to public addresses. */
  readonly wire: Wire = ({ eip, port }) => this.#internet.sockets.connect(eip, port)

  /** Starts or ends an outage for all machines, present and future. */
  async setOutage(outage: Outage, down: boolean): Promise<void> {
    await this.#attachment.vSwitches.setOutage(outage, down)
  }

  /** Finds what this datacenter has on the host. */
  resources(): Promise<RunResources> {
    return findRunResources(this.run)
  }

  /** Stops and removes everything. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    for (const service of this.#services) service.close()
    for (const balancer of this.#balancers.values()) balancer.close()
    await this.machines.killAll()
    await this.#attached?.vSwitches.close()
    await this.#internet.close()
    await removeRunResources(this.run)
    const ended = new Promise((resolve) => this.#cleanupProcess.once('exit', resolve))
    this.#cleanupProcess.stdin?.end()
    await ended
  }

  get #attachment() {
    if (!this.#attached) throw new Error('attach() must come first')
    return this.#attached
  }

  /** Connects a load balancer to an instance; where there never was a machine, it times out. */
  async #connect(target: BackendTarget, timeoutMs: number): Promise<Socket> {
    const machine = this.machines.find(target.instanceId)
    if (!machine) throw new Error(CONNECT_TIMEOUT)
    return machine.network.connect(target, timeoutMs)
  }

  #metadataOf(
    cloud: AttachedCloud,
    vSwitch: VirtualSwitch,
    address: string,
  ): MetadataSource | undefined {
    const machine = this.machines.findByAddress(vSwitch, address)
    if (!machine) return undefined
    const { instanceId } = machine.description
    const [eip] = [...this.#routes].find(([, route]) => route.instanceId === instanceId) ?? []
    return {
      machine: machine.description,
      serialNumber: machine.serialNumber,
      accountId: cloud.accountId,
      plan: vSwitch.plan,
      eip,
      credentials: cloud.roleCredentials(instanceId),
    }
  }
}

function startCleanupProcess(run: string): ChildProcess {
  const file = fileURLToPath(new URL('./cleanup-process.ts', import.meta.url))
  mkdirSync('/run/netns', { recursive: true })
  const child = spawn(process.execPath, [file, run], {
    stdio: ['pipe', 'ignore', 'inherit'],
    // In a session of its own, so that signals to the owner's process group do not reach it.
    detached: true,
  })
  child.unref()
  return child
}
