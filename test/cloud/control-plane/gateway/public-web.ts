import type { IncomingMessage, ServerResponse } from 'node:http'
import { BlockList } from 'node:net'
import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Audit } from '../audit.ts'
import type { IngressRule } from '../hardware.ts'
import type { Connection } from './connection.ts'

/** A request to the public address of an instance. */
export interface Visit {
  eip: string
  instanceId: string
  port: number
  /** Path and query. */
  url: string
  clientAddress: string
}

/** Answers a request to an instance. */
export type Web = (visit: Visit, request: IncomingMessage, response: ServerResponse) => void

/**
 * Connects to the public address of an instance that answers TLS itself.
 *
 * @throws Error when the connection is refused
 */
export type Wire = (to: Pick<Visit, 'eip' | 'instanceId' | 'port'>) => Promise<Duplex>

export interface PublicWebOptions {
  /** Finds the instance behind an address. */
  route(eip: string): { instanceId: string; rules: readonly IngressRule[] } | undefined
  web: Web | undefined
  wire: Wire | undefined
  audit: Audit
  now(): number
  /** Timeout of connections that nothing answers. */
  unreachableMs: number
}

/** Takes requests to public addresses, through the rules of security groups, to instances. */
export class PublicWeb {
  readonly #options: PublicWebOptions

  constructor(options: PublicWebOptions) {
    this.#options = options
  }

  handle(request: IncomingMessage, response: ServerResponse, connection: Connection): void {
    const { host: eip, port, clientAddress } = connection
    const parameters = { method: request.method ?? '', url: request.url ?? '' }
    const record = this.#record(connection, parameters)
    const route = this.#options.route(eip)
    const { web } = this.#options
    // Packets that no rule accepts are dropped, so the client waits.
    if (!route || !web || !admits(route.rules, port, clientAddress)) {
      const code = route ? (web ? 'Dropped' : 'NothingListens') : 'NoRoute'
      setTimeout(() => {
        request.socket.destroy()
        record(0, code)
      }, this.#options.unreachableMs).unref()
      return
    }
    response.once('close', () => record(response.statusCode, ''))
    const { instanceId } = route
    web({ eip, instanceId, port, url: request.url ?? '/', clientAddress }, request, response)
  }

  /** Connects to an instance. @throws Error when nothing accepts the connection */
  async connect(eip: string, port: number, clientAddress: string): Promise<Duplex> {
    const parameters = { method: 'CONNECT', url: `:${port}` }
    const record = this.#record({ host: eip, secure: true, clientAddress }, parameters)
    const route = this.#options.route(eip)
    const { wire } = this.#options
    if (!route || !wire || !admits(route.rules, port, clientAddress)) {
      await sleep(this.#options.unreachableMs, undefined, { ref: false })
      record(0, route ? (wire ? 'Dropped' : 'NothingListens') : 'NoRoute')
      throw new Error(`Nothing answers at ${eip}:${port}`)
    }
    try {
      const connection = await wire({ eip, instanceId: route.instanceId, port })
      record(200, '')
      return connection
    } catch (error) {
      record(0, 'Refused')
      throw error
    }
  }

  #record(
    connection: Pick<Connection, 'host' | 'secure' | 'clientAddress'>,
    parameters: Record<string, string>,
  ): (status: number, code: string) => void {
    const complete = this.#options.audit.start(connection, this.#options.now())
    return (status, code) => complete({ parameters, status, code })
  }
}

/**
 * Returns whether rules accept a TCP connection: the first by priority decides, and Drop before
 * Accept.
 * Source: "Security group rules", Alibaba Cloud ECS documentation.
 */
export function admits(
  rules: readonly IngressRule[],
  port: number,
  clientAddress: string,
): boolean {
  const fitting = rules
    .filter(({ protocol, ports: [from, to], source }) => {
      const anyPort = from === -1 && to === -1
      const fitsPort = anyPort || (port >= from && port <= to)
      return ['tcp', 'all'].includes(protocol) && fitsPort && isInside(clientAddress, source)
    })
    .toSorted((a, b) => a.priority - b.priority || Number(a.accept) - Number(b.accept))
  return fitting[0]?.accept ?? false
}

function isInside(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/')
  const list = new BlockList()
  list.addSubnet(base, Number(bits))
  return list.check(address)
}
