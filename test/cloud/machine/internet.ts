import type { Server } from 'node:net'
import { InternetAuthority, type InternetAuthorityOptions } from './acme-authority.ts'
import { AUTHORITY_ENDPOINT, NameService, PUBLIC_ENDPOINT } from './dnsmasq.ts'
import { NamespaceSockets } from './namespace-sockets.ts'
import { forwardPackets, ipBatch, makeNamespace } from './network-namespace.ts'

const NAME_SERVER = '198.51.100.53'

/** A way from the internet into a vSwitch. */
export interface Uplink {
  /** Of the vSwitch's side. */
  address: string
}

/**
 * The internet of one simulated cloud, in a namespace of its own: public endpoints of the cloud, a
 * certificate authority, clients with a namespace each, and routes to the EIPs. Nothing of it is seen
 * outside.
 */
export class Internet {
  readonly #run: string
  readonly #namespace: string
  readonly #sockets: NamespaceSockets
  readonly #names: NameService
  readonly #routes = new Map<string, string>()
  readonly #balancerAddresses = new Set<string>()
  #clients = 0
  #uplinks = 0

  private constructor(
    run: string,
    namespace: string,
    sockets: NamespaceSockets,
    names: NameService,
  ) {
    this.#run = run
    this.#namespace = namespace
    this.#sockets = sockets
    this.#names = names
  }

  /** @param folder Where files are kept */
  static async make(run: string, folder: string): Promise<Internet> {
    const namespace = `${run}-internet`
    await makeNamespace(namespace)
    await ipBatch(namespace, [
      `addr add ${PUBLIC_ENDPOINT}/32 dev lo`,
      `addr add ${NAME_SERVER}/32 dev lo`,
      `addr add ${AUTHORITY_ENDPOINT}/32 dev lo`,
      // An address that leads nowhere gives no answer at all.
      'route add blackhole default',
    ])
    await forwardPackets(namespace)
    const names = await NameService.start({ namespace, folder, addresses: [NAME_SERVER] })
    return new Internet(run, namespace, await NamespaceSockets.open(namespace), names)
  }

  /** Servers on the ports that the cloud's public names have. */
  async listen(): Promise<{ plain: Server; tls: Server }> {
    return {
      plain: await this.#sockets.listen(PUBLIC_ENDPOINT, 80),
      tls: await this.#sockets.listen(PUBLIC_ENDPOINT, 443),
    }
  }

  /** A certificate authority on the internet; it ends before the internet does. */
  async startAuthority(
    options: Pick<InternetAuthorityOptions, 'folder' | 'program' | 'issue' | 'trusted'>,
  ): Promise<InternetAuthority> {
    return InternetAuthority.start({
      ...options,
      namespace: this.#namespace,
      sockets: this.#sockets,
      nameServer: `${NAME_SERVER}:53`,
    })
  }

  /** A server at a public address of a load balancer. */
  async listenAt(address: string, port: number): Promise<Server> {
    if (!this.#balancerAddresses.has(address)) {
      this.#balancerAddresses.add(address)
      await ipBatch(this.#namespace, [`addr add ${address}/32 dev lo`])
    }
    return this.#sockets.listen(address, port)
  }

  /** Has a name lead to addresses, or to none. */
  async name(name: string, addresses: readonly string[]): Promise<void> {
    const [first] = addresses
    if (first === undefined) this.#sockets.names.delete(name)
    else this.#sockets.names.set(name, first)
    await this.#names.name(name, addresses)
  }

  /** Sockets of this process that are on the internet. */
  get sockets(): NamespaceSockets {
    return this.#sockets
  }

  /**
   * Makes a namespace for a client of its own address, in 192.0.2.0/24.
   *
   * @returns The name of the namespace: `ip netns exec NAME …` runs programs in it
   */
  async addClient(name: string): Promise<{ namespace: string; address: string }> {
    const first = 4 * this.#clients++
    if (first > 252) throw new Error('There are too many clients on this internet')
    const namespace = `${this.#run}-client-${name}`
    const [here, address] = [`192.0.2.${first + 1}`, `192.0.2.${first + 2}`]
    await makeNamespace(namespace, NAME_SERVER)
    await ipBatch(this.#namespace, [
      `link add client${first} type veth peer name eth0 netns ${namespace}`,
      `addr add ${here}/30 dev client${first}`,
      `link set client${first} up`,
    ])
    await ipBatch(namespace, [
      `addr add ${address}/30 dev eth0`,
      'link set eth0 up',
      `route add default via ${here}`,
    ])
    return { namespace, address }
  }

  /** Connects the interface `outside` of a vSwitch's namespace. */
  async connectVSwitch(namespace: string): Promise<Uplink> {
    const first = 4 * this.#uplinks++
    const [third, fourth] = [first >> 8, first & 255]
    const here = `198.18.${third}.${fourth + 1}`
    const address = `198.18.${third}.${fourth + 2}`
    await ipBatch(this.#namespace, [
      `link add uplink${first} type veth peer name outside netns ${namespace}`,
      `addr add ${here}/30 dev uplink${first}`,
      `link set uplink${first} up`,
    ])
    await ipBatch(namespace, [
      `addr add ${address}/30 dev outside`,
      'link set outside up',
      `route add default via ${here}`,
    ])
    return { address }
  }

  /** Sends packets for an EIP into a vSwitch, or nowhere. */
  async route(eip: string, uplink: Uplink | undefined): Promise<void> {
    const before = this.#routes.get(eip)
    if (before === uplink?.address) return
    if (uplink) {
      await ipBatch(this.#namespace, [`route replace ${eip}/32 via ${uplink.address}`])
      this.#routes.set(eip, uplink.address)
    } else {
      await ipBatch(this.#namespace, [`route del ${eip}/32`])
      this.#routes.delete(eip)
    }
  }

  async close(): Promise<void> {
    await this.#sockets.close()
    await this.#names.stop()
  }
}
