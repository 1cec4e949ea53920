import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { servesHost } from '../alb/load-balancer.ts'
import type { Audit } from '../audit.ts'
import type { CloudAccount } from '../cloud-account.ts'
import type { Connection } from './connection.ts'
import type { Web, Wire } from './public-web.ts'

export interface BalancerWebOptions {
  account: CloudAccount
  web: Web | undefined
  wire: Wire | undefined
  audit: Audit
  now(): number
  /** Timeout of connections that nothing answers. */
  unreachableMs: number
}

/**
 * Takes requests to a load balancer's name to the hardware's load balancer, or without one to an
 * instance that it chooses.
 */
export class BalancerWeb {
  readonly #options: BalancerWebOptions

  constructor(options: BalancerWebOptions) {
    this.#options = options
  }

  /** @param name Of the load balancer that the connection leads to; the Host header must be another name */
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    name: string,
  ): void {
    const { account, web } = this.#options
    const { port, clientAddress } = connection
    const complete = this.#options.audit.start(connection, this.#options.now())
    const parameters = { method: request.method ?? '', url: request.url ?? '' }
    const record = (status: number, code: string) => complete({ parameters, status, code })
    const plan = account.balancer(name)
    const listener = plan?.ports.find((each) => each.port === port)
    const [address = ''] = plan?.addresses ?? []
    const needsDomain = !servesHost(name, request.headers.host)
    if (!web || !listener || address === '' || needsDomain) {
      setTimeout(() => {
        request.socket.destroy()
        record(0, needsDomain ? 'NoDomain' : plan ? 'NothingListens' : 'NoRoute')
      }, this.#options.unreachableMs).unref()
      return
    }
    response.once('close', () => record(response.statusCode, ''))
    const visit = { eip: address, port, url: request.url ?? '/', clientAddress }
    if (account.balancesByHardware) {
      web({ ...visit, instanceId: '' }, request, response)
      return
    }
    const choice = listener.choose(address)
    if (!choice) {
      response.writeHead(503).end('503 Service Temporarily Unavailable\n')
      return
    }
    response.once('close', choice.done)
    const client = {
      address: clientAddress,
      port: request.socket.remotePort ?? 0,
      host: request.headers.host ?? '',
      forwardedFor: request.headers['x-forwarded-for']?.toString(),
    }
    Object.assign(request.headers, listener.headers(client))
    web({ ...visit, instanceId: choice.target.instanceId }, request, response)
  }

  /**
   * Connects to a load balancer that answers TLS itself; undefined where the hardware has none, so
   * that requests are handled here.
   */
  tunnel(name: string, port: number): Promise<Duplex> | undefined {
    const { account, wire } = this.#options
    const [eip] = account.balancer(name)?.addresses ?? []
    if (!account.balancesByHardware || !wire || eip === undefined) return undefined
    return wire({ eip, instanceId: '', port })
  }
}
