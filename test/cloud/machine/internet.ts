import type { Server } from 'node:net'
import type { AcmeAuthorityOptions } from './acme-authority.ts'
import { AUTHORITY_ENDPOINT, Dnsmasq, PUBLIC_ENDPOINT } from './dnsmasq.ts'
import { NamespaceSockets } from './namespace-sockets.ts'
import { forwardPackets, ipBatch, makeNamespace } from './network-namespace.ts'

const NAME_SERVER = '198.51.100.53'

/** The link between a vSwitch and the internet. */
export interface Uplink {
  /** Of the vSwitch's end. */
  address: string
}

/**
 * The internet of one simulated cloud, in its own network namespace: public endpoints of the cloud, a
 * certificate authority, clients with a namespace each, and routes to the EIPs.
 */
export class Internet {
  readonly #run: string
  readonly #namespace: string
  readonly #sockets: NamespaceSockets
  readonly #dns: Dnsmasq
  readonly #routes = new Map<string, string>()
  readonly #balancerAddresses = new Set<string>()
  #clients = 0
  #uplinks = 0

  private constructor(run: string, namespace: string, sockets: NamespaceSockets, dns: Dnsmasq) {
    this.#run = run
    this.#namespace = namespace
    this.#sockets = sockets
    this.#dns = dns
  }

  /** @param folder For files of the DNS server */
  static async make(run: string, folder: string): Promise<Internet> {
    const namespace = `${run}-internet`
    await makeNamespace(namespace)
    await ipBatch(namespace, [
      `addr add ${PUBLIC_ENDPOINT}/32 dev lo`,
      `addr add ${NAME_SERVER}/32 dev lo`,
      `addr add ${AUTHORITY_ENDPOINT}/32 dev lo`,
      // Packets to an unknown address are dropped without an answer.
      'route add blackhole default',
    ])
    await forwardPackets(namespace)
    const dns = await Dnsmasq.start({ namespace, folder, addresses: [NAME_SERVER] })
    return new Internet(run, namespace, await NamespaceSockets.open(namespace), dns)
  }

  /** Listens at the address of the cloud's public host names. */
  async listen(): Promise<{ plain: Server; tls: Server }> {
    return {
      plain: await this.#sockets.listen(PUBLIC_ENDPOINT, 80),
      tls: await this.#sockets.listen(PUBLIC_ENDPOINT, 443),
    }
  }

  /** Where a certificate authority on this internet runs. */
  get forAuthority(): Pick<AcmeAuthorityOptions, 'namespace' | 'sockets' | 'nameServer'> {
    return {
      namespace: this.#namespace,
      sockets: this.#sockets,
      nameServer: `${NAME_SERVER}:53`,
    }
  }

  /** Listens at a public address of a load balancer. */
  async listenAt(address: string, port: number): Promise<Server> {
    if (!this.#balancerAddresses.has(address)) {
      this.#balancerAddresses.add(address)
      await ipBatch(this.#namespace, [`addr add ${address}/32 dev lo`])
    }
    return this.#sockets.listen(address, port)
  }

  /** Makes a name resolve to addresses; with none, removes it. */
  async setName(name: string, addresses: readonly string[]): Promise<void> {
    const [first] = addresses
    if (first === undefined) this.#sockets.names.delete(name)
    else this.#sockets.names.set(name, first)
    await this.#dns.setName(name, addresses)
  }

  /** Opens sockets on the internet. */
  get sockets(): NamespaceSockets {
    return this.#sockets
  }

  /**
   * Adds a client with its own address in 192.0.2.0/24.
   *
   * @returns Its namespace, for `ip netns exec`
   */
  async addClient(name: string): Promise<{ namespace: string; address: string }> {
    const first = 4 * this.#clients++
    if (first > 252) throw new Error('There are too many clients on this internet')
    const namespace = `${this.#run}-client-${name}`
    const link = { port: `client${first}`, peer: 'eth0', namespace, subnet: `192.0.2.${first}` }
    await makeNamespace(namespace, NAME_SERVER)
    return { namespace, address: await this.#link(link) }
  }

  /** Connects a vSwitch's namespace by its interface `outside`. */
  async connectVSwitch(namespace: string): Promise<Uplink> {
    const first = 4 * this.#uplinks++
    const subnet = `198.18.${first >> 8}.${first & 255}`
    return {
      address: await this.#link({ port: `uplink${first}`, peer: 'outside', namespace, subnet }),
    }
  }

  /** Routes an EIP to a vSwitch, or to none. */
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

  /**
   * Links a namespace to the internet, with a default route to it.
   *
   * @param subnet First address of a /30
   * @returns Address of the namespace
   */
  async #link(link: {
    port: string
    peer: string
    namespace: string
    subnet: string
  }): Promise<string> {
    const { port, peer, namespace, subnet } = link
    const [start, last] = [subnet.slice(0, subnet.lastIndexOf('.')), subnet.split('.').at(-1)]
    const [gateway, address] = [1, 2].map((n) => `${start}.${Number(last) + n}`) as [string, string]
    await ipBatch(this.#namespace, [
      `link add ${port} type veth peer name ${peer} netns ${namespace}`,
      `addr add ${gateway}/30 dev ${port}`,
      `link set ${port} up`,
    ])
    await ipBatch(namespace, [
      `addr add ${address}/30 dev ${peer}`,
      `link set ${peer} up`,
      `route add default via ${gateway}`,
    ])
    return address
  }

  async close(): Promise<void> {
    await this.#sockets.close()
    await this.#dns.stop()
  }
}
