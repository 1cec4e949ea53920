import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIPv4 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Product } from '../action.ts'
import { billingProduct } from '../billing.ts'
import type { CloudAccount } from '../cloud-account.ts'
import { LOCATION } from '../location.ts'
import type { ObjectStorage } from '../storage/object-storage.ts'
import { BalancerWeb } from './balancer-web.ts'
import type { Connection } from './connection.ts'
import { type Destination, findDestination } from './host-names.ts'
import { PublicWeb, type Web, type Wire } from './public-web.ts'
import { RpcGateway, type RpcGatewayOptions } from './rpc-gateway.ts'

export interface HostRouterOptions extends RpcGatewayOptions {
  account: CloudAccount
  storage: ObjectStorage
  web: Web | undefined
  /** Connects to instances that answer TLS; without it, the cloud answers. */
  wire: Wire | undefined
  /** DNS records outside the cloud: the address or load balancer's name that a name leads to. */
  names: ReadonlyMap<string, string>
  /** Timeout of connections that nothing answers. */
  unreachableMs: number
}

/** Where a request came from, and the host that was connected to, with or without a port. */
export type RequestOrigin = Pick<Connection, 'host' | 'secure' | 'clientAddress' | 'network'>

/** Routes requests by host name. */
export class HostRouter {
  readonly #options: HostRouterOptions
  readonly #rpc: RpcGateway
  readonly #web: PublicWeb
  readonly #balancers: BalancerWeb

  constructor(options: HostRouterOptions) {
    this.#options = options
    this.#rpc = new RpcGateway(options)
    const route = (eip: string) => options.account.publicRoute(eip)
    this.#web = new PublicWeb({ ...options, route })
    this.#balancers = new BalancerWeb(options)
  }

  /** Answers one request as the host would; never throws. */
  handle(request: IncomingMessage, response: ServerResponse, from: RequestOrigin): void {
    const { host, port } = split(from.host, from.secure ? 443 : 80)
    const connection: Connection = { ...from, host, port }
    const destination = this.#balancer(host) ?? findDestination(host)
    if (!destination || !isOpenTo(destination, from.network)) {
      this.recordRefused(from.host, from.clientAddress)
      response.writeHead(502).end('The simulated cloud has no such host.\n')
      request.resume()
      return
    }
    if (destination.kind === 'address') this.#web.handle(request, response, connection)
    else if (destination.kind === 'balancer') {
      this.#balancers.handle(request, response, connection, destination.name)
    } else if (destination.kind === 'oss') {
      void this.#options.storage.handle(request, response, connection, destination.region)
    } else {
      const { region } = destination
      void this.#rpc.handle(request, response, connection, {
        products: (asked) => this.#products(destination, host, asked),
        ...(region === undefined ? {} : { region }),
      })
    }
  }

  /** Returns whether a host exists for callers in a network. @param host With or without a port */
  isReachable(host: string, network: Connection['network']): boolean {
    const { host: name } = split(host, 443)
    if (this.#options.names.has(name)) return true
    const destination = findDestination(name)
    return destination !== undefined && isOpenTo(destination, network)
  }

  /**
   * Connects to an instance that answers TLS itself; undefined for a host of the cloud.
   *
   * @param host With or without a port
   */
  tunnel(host: string, clientAddress: string): Promise<Duplex> | undefined {
    const { host: name, port } = split(host, 443)
    const balancer = this.#balancer(name)
    if (balancer) return this.#balancers.tunnel(balancer.name, port)
    const address = this.#options.names.get(name) ?? name
    if (!this.#options.wire || !isIPv4(address)) return undefined
    return this.#web.connect(address, port, clientAddress)
  }

  /** Records a call of a host that does not exist. */
  recordRefused(host: string, clientAddress: string): void {
    const connection = { host: split(host, 443).host, secure: false, clientAddress }
    const record = this.#options.audit.start(connection, this.#options.now())
    record({ caller: 'unknown', status: 502, code: 'UnknownHost' })
  }

  /** Finds the load balancer that a host is, or that it leads to. */
  #balancer(host: string): Extract<Destination, { kind: 'balancer' }> | undefined {
    const found = findDestination(this.#options.names.get(host) ?? host)
    return found?.kind === 'balancer' ? found : undefined
  }

  #products(
    { product }: Extract<Destination, { kind: 'api' }>,
    host: string,
    region: string,
  ): readonly Product[] {
    const { account } = this.#options
    if (product === 'location') return [LOCATION]
    if (product === 'bssopenapi') return [billingProduct(account, host)]
    if (product === 'ram') return [account.ram]
    if (product === 'resourcemanager') return [account.resourceManager]
    if (product === 'quotas') return [account.quotaCenter]
    if (product === 'sts') return [account.sts]
    return account.computeProducts(region).filter(({ code }) => code === product)
  }
}

function isOpenTo(destination: Destination, network: Connection['network']): boolean {
  return !(destination.kind === 'oss' && destination.internal && network === 'internet')
}

function split(host: string, port: number): { host: string; port: number } {
  const parts = /^(.*?)(?::(\d+))?$/.exec(host)
  return { host: (parts?.[1] ?? '').toLowerCase(), port: Number(parts?.[2] ?? port) }
}
