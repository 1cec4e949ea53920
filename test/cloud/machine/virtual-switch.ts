import type { Server, Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { BackendTarget } from 'simulated-cloud'
import { runCommand } from './command.ts'
import { Dnsmasq } from './dnsmasq.ts'
import type { Internet, Uplink } from './internet.ts'
import { NamespaceSockets } from './namespace-sockets.ts'
import { forwardPackets, ipBatch, makeNamespace } from './network-namespace.ts'
import {
  type BalancerRoute,
  INTERNAL_ENDPOINT,
  METADATA_ADDRESS,
  NAME_SERVERS,
  type Outage,
  type PublicRoute,
  vSwitchRuleset,
} from './nftables-rules.ts'

/** Addresses of a vSwitch: a /24 with the router at .253, as in every vSwitch. */
export interface AddressPlan {
  network: string
  netmask: string
  prefix: number
  router: string
}

/** Returns the plan of the vSwitch that a private address belongs to. */
export function addressPlan(privateIp: string): AddressPlan {
  const start = privateIp.split('.').slice(0, 3).join('.')
  return { network: `${start}.0`, netmask: '255.255.255.0', prefix: 24, router: `${start}.253` }
}

/**
 * A vSwitch in its own network namespace: the bridge of the instances, DHCP and DNS, the internal
 * endpoints, and the uplink to the internet with the security groups as a firewall.
 */
export class VirtualSwitch {
  readonly plan: AddressPlan
  readonly uplink: Uplink
  readonly #namespace: string
  readonly #dns: Dnsmasq
  readonly #sockets: NamespaceSockets
  readonly #routes = new Map<string, PublicRoute>()
  readonly #outages = new Set<Outage>()
  readonly #balancers = new Map<string, BalancerRoute>()
  #loading: Promise<void> = Promise.resolve()
  #ports = 0

  private constructor(
    namespace: string,
    plan: AddressPlan,
    uplink: Uplink,
    dns: Dnsmasq,
    sockets: NamespaceSockets,
  ) {
    this.#namespace = namespace
    this.plan = plan
    this.uplink = uplink
    this.#dns = dns
    this.#sockets = sockets
  }

  /** @param folder For files of the DNS server */
  static async make(
    namespace: string,
    plan: AddressPlan,
    internet: Internet,
    folder: string,
  ): Promise<VirtualSwitch> {
    await makeNamespace(namespace)
    const uplink = await internet.connectVSwitch(namespace)
    await ipBatch(namespace, [
      ...[METADATA_ADDRESS, ...NAME_SERVERS, INTERNAL_ENDPOINT].map(
        (address) => `addr add ${address}/32 dev lo`,
      ),
      // A fixed address: otherwise the bridge takes that of a port and changes it when the port goes.
      'link add inside address ee:ff:ff:ff:ff:ff type bridge forward_delay 0 stp_state 0',
      `addr add ${plan.router}/${plan.prefix} dev inside`,
      'link set inside up',
    ])
    await forwardPackets(namespace)
    await loadRules(namespace, vSwitchRuleset([], []))
    const dns = await Dnsmasq.start({
      namespace,
      folder,
      addresses: [...NAME_SERVERS, plan.router],
      dhcp: { ...plan, nameServers: NAME_SERVERS },
    })
    const sockets = await NamespaceSockets.open(namespace)
    return new VirtualSwitch(namespace, plan, uplink, dns, sockets)
  }

  /** Listens at the addresses that only instances can reach. */
  async listen(): Promise<{ metadata: Server; plain: Server; tls: Server }> {
    return {
      metadata: await this.#sockets.listen(METADATA_ADDRESS, 80),
      plain: await this.#sockets.listen(INTERNAL_ENDPOINT, 80),
      tls: await this.#sockets.listen(INTERNAL_ENDPOINT, 443),
    }
  }

  /** Makes `eth0` in an instance's namespace, and reserves its address for DHCP. */
  async plugIn(
    namespace: string,
    { mac, address, hostName }: { mac: string; address: string; hostName: string },
  ): Promise<void> {
    const port = `port${++this.#ports}`
    await ipBatch(this.#namespace, [
      `link add ${port} type veth peer name eth0 address ${mac} netns ${namespace}`,
      `link set ${port} master inside`,
      `link set ${port} up`,
    ])
    await this.#dns.addLease({ mac, address, hostName })
  }

  /** Releases the address of a removed instance. */
  async unplug(mac: string): Promise<void> {
    await this.#dns.removeLease(mac)
  }

  /** Routes an EIP to an instance, or to none. */
  async route(eip: string, route: PublicRoute | undefined): Promise<void> {
    if (route) this.#routes.set(eip, route)
    else this.#routes.delete(eip)
    await this.#load()
  }

  /**
   * Connects from a load balancer's address to an instance, if its security groups allow that.
   *
   * @throws Error when the instance has not accepted the connection in time
   */
  async connect(
    { source, privateIp, port, rules }: BackendTarget,
    timeoutMs: number,
  ): Promise<Socket> {
    const route = { source, privateIp, rules }
    const key = `${source} ${privateIp}`
    if (!isDeepStrictEqual(this.#balancers.get(key), route)) {
      const isNew = ![...this.#balancers.values()].some((known) => known.source === source)
      this.#balancers.set(key, route)
      if (isNew) await ipBatch(this.#namespace, [`addr add ${source}/32 dev lo`])
      await this.#load()
    }
    return this.#sockets.connect(privateIp, port, { from: source, timeoutMs })
  }

  /** Starts or ends an outage. */
  async setOutage(outage: Outage, down: boolean): Promise<void> {
    if (down) this.#outages.add(outage)
    else this.#outages.delete(outage)
    await this.#load()
  }

  async close(): Promise<void> {
    await this.#sockets.close()
    await this.#dns.stop()
  }

  /** Loads the rules; one load at a time, so that the latest rules win. */
  #load(): Promise<void> {
    this.#loading = this.#loading
      .catch(() => {})
      .then(() =>
        loadRules(
          this.#namespace,
          vSwitchRuleset(
            [...this.#routes.values()],
            [...this.#outages],
            [...this.#balancers.values()],
          ),
        ),
      )
    return this.#loading
  }
}

async function loadRules(namespace: string, rules: string): Promise<void> {
  await runCommand('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: rules })
}
