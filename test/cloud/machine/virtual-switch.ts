import type { Server, Socket } from 'node:net'
import { isDeepStrictEqual } from 'node:util'
import type { BackendTarget } from '../control-plane/hardware.ts'
import { runCommand } from './command.ts'
import { NameService } from './dnsmasq.ts'
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

/** Its addresses: a /24, the last but two of it for the router, as in every vSwitch. */
export interface AddressPlan {
  network: string
  netmask: string
  prefix: number
  router: string
}

/** Plan of the vSwitch that a private address is in. */
export function addressPlan(privateIp: string): AddressPlan {
  const start = privateIp.split('.').slice(0, 3).join('.')
  return { network: `${start}.0`, netmask: '255.255.255.0', prefix: 24, router: `${start}.253` }
}

/**
 * A vSwitch, in a namespace of its own: the instances' bridge, DHCP and DNS, the addresses that are
 * there for instances only, and the way to the internet with the security groups in front.
 */
export class VirtualSwitch {
  readonly plan: AddressPlan
  readonly uplink: Uplink
  readonly #namespace: string
  readonly #names: NameService
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
    names: NameService,
    sockets: NamespaceSockets,
  ) {
    this.#namespace = namespace
    this.plan = plan
    this.uplink = uplink
    this.#names = names
    this.#sockets = sockets
  }

  /** @param folder Where files are kept */
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
      // Of its own: else it takes one of its ports' and changes it with them, which instances do not learn.
      'link add inside address ee:ff:ff:ff:ff:ff type bridge forward_delay 0 stp_state 0',
      `addr add ${plan.router}/${plan.prefix} dev inside`,
      'link set inside up',
    ])
    await forwardPackets(namespace)
    await loadRules(namespace, vSwitchRuleset([], []))
    const names = await NameService.start({
      namespace,
      folder,
      addresses: [...NAME_SERVERS, plan.router],
      dhcp: { ...plan, nameServers: NAME_SERVERS },
    })
    const sockets = await NamespaceSockets.open(namespace)
    return new VirtualSwitch(namespace, plan, uplink, names, sockets)
  }

  /** Servers for what instances reach without the internet. */
  async listen(): Promise<{ metadata: Server; plain: Server; tls: Server }> {
    return {
      metadata: await this.#sockets.listen(METADATA_ADDRESS, 80),
      plain: await this.#sockets.listen(INTERNAL_ENDPOINT, 80),
      tls: await this.#sockets.listen(INTERNAL_ENDPOINT, 443),
    }
  }

  /** Makes `eth0` in an instance's namespace, with its address ready at DHCP. */
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
    await this.#names.expect({ mac, address, hostName })
  }

  /** Gives up the address of an instance whose namespace is gone. */
  async unplug(mac: string): Promise<void> {
    await this.#names.forget(mac)
  }

  /** Leads an EIP to an instance, or no longer. */
  async route(eip: string, route: PublicRoute | undefined): Promise<void> {
    if (route) this.#routes.set(eip, route)
    else this.#routes.delete(eip)
    await this.#load()
  }

  /**
   * A connection from a load balancer's address to an instance, if its security groups let it pass.
   *
   * @throws Error when the instance has not taken it by then
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

  /** Cuts something off, or no longer. */
  async setOutage(outage: Outage, down: boolean): Promise<void> {
    if (down) this.#outages.add(outage)
    else this.#outages.delete(outage)
    await this.#load()
  }

  async close(): Promise<void> {
    await this.#sockets.close()
    await this.#names.stop()
  }

  /** One after the other, so that the last rules are those that stay. */
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
