import {
  createServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import { type BalancerPlan, type BalancerPort, type Choice, servesHost } from 'simulated-cloud'
import type { Connector } from './health-probe.ts'
import { type HttpService, serveConnections } from './serve-connections.ts'

/** How a load balancer reaches its network. */
export interface BalancerNetwork {
  /** Listens at a public address. */
  listen(address: string, port: number): Promise<Server>
  /** Connects to a server behind the load balancer. */
  connect: Connector
}

/** Time that a server has to accept a connection. */
const CONNECT_TIMEOUT_MS = 5000

interface OpenPort extends HttpService {
  plan: BalancerPort
}

/** Hop-by-hop headers. Source: RFC 9110, 7.6.1. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']

/**
 * A load balancer at its public addresses. It forwards each request to a server that the control plane
 * chooses, over a new connection.
 * Source of the status codes: "ALB status codes", ALB documentation.
 */
export class LoadBalancer {
  /** Requests that it answered with an error of its own, oldest first: `:80 GET /signature 502`. */
  readonly failed: string[] = []
  readonly #network: BalancerNetwork
  readonly #ports = new Map<string, OpenPort>()
  #applying: Promise<void> = Promise.resolve()

  constructor(network: BalancerNetwork) {
    this.#network = network
  }

  /** Listens on exactly the ports of the plan. Plans are applied one after the other. */
  apply(plan: BalancerPlan): Promise<void> {
    this.#applying = this.#applying.then(() => this.#apply(plan))
    return this.#applying
  }

  close(): void {
    for (const { close } of this.#ports.values()) close()
    this.#ports.clear()
  }

  async #apply({ addresses, dnsName, ports }: BalancerPlan): Promise<void> {
    const missing = new Map<string, { address: string; plan: BalancerPort }>(
      addresses.flatMap((address) =>
        ports.map((plan) => [`${address}:${plan.port}`, { address, plan }] as const),
      ),
    )
    for (const [place, open] of this.#ports) {
      const next = missing.get(place)
      const same = next?.plan.certificate?.cert === open.plan.certificate?.cert
      if (next && same) {
        open.plan = next.plan
        missing.delete(place)
      } else {
        open.close()
        this.#ports.delete(place)
      }
    }
    for (const [place, { address, plan }] of missing) {
      this.#ports.set(place, await this.#open(address, dnsName, plan))
    }
  }

  async #open(address: string, dnsName: string, plan: BalancerPort): Promise<OpenPort> {
    const listener = await this.#network.listen(address, plan.port)
    const handler = (request: IncomingMessage, response: ServerResponse): void => {
      if (!servesHost(dnsName, request.headers.host)) request.socket.destroy()
      else void this.#handle(address, opened.plan, request, response)
    }
    const options = { keepAliveTimeout: plan.idleTimeoutMs }
    const http = plan.certificate
      ? createTlsServer({ ...plan.certificate, ...options }, handler)
      : createServer(options, handler)
    const opened: OpenPort = { plan, ...serveConnections(listener, http) }
    return opened
  }

  async #handle(
    address: string,
    plan: BalancerPort,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const fail = (status: number, reason: string): void => {
      if (response.destroyed || response.writableEnded) return
      const path = request.url?.split('?')[0]
      const result = response.headersSent ? 'broken off' : status
      this.failed.push(`:${plan.port} ${request.method} ${path} ${result}`)
      sendError(response, status, reason)
    }
    const choice = plan.choose(address)
    if (!choice) return fail(503, 'Service Temporarily Unavailable')
    response.once('close', choice.done)
    let connection: Socket
    try {
      connection = await this.#network.connect(choice.target, CONNECT_TIMEOUT_MS)
    } catch {
      return fail(502, 'Bad Gateway')
    }
    if (response.destroyed) {
      connection.destroy()
      return
    }
    forward(connection, choice, plan, { request, response, fail })
  }
}

interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  /** Answers with an error of the load balancer's own. */
  fail(status: number, reason: string): void
}

function forward(
  connection: Socket,
  choice: Choice,
  plan: BalancerPort,
  { request, response, fail }: Exchange,
): void {
  const { method, url } = request
  const forwarded = httpRequest(
    { createConnection: () => connection, method, path: url, headers: headersFor(plan, request) },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers))
      answer.pipe(response)
      answer.on('error', () => fail(502, 'Bad Gateway'))
    },
  )
  forwarded.setTimeout(plan.requestTimeoutMs, () => {
    fail(504, 'Gateway Time-out')
    forwarded.destroy()
  })
  const cut = () => forwarded.destroy(new Error('the server is gone'))
  choice.signal.addEventListener('abort', cut)
  forwarded.on('error', () => fail(502, 'Bad Gateway'))
  response.once('close', () => {
    choice.signal.removeEventListener('abort', cut)
    forwarded.destroy()
  })
  request.pipe(forwarded)
}

function headersFor(
  plan: BalancerPort,
  request: IncomingMessage,
): Record<string, string | string[]> {
  const { remoteAddress = '', remotePort = 0 } = request.socket
  const own = plan.headers({
    address: remoteAddress,
    port: remotePort,
    host: request.headers.host ?? '',
    forwardedFor: request.headers['x-forwarded-for']?.toString(),
  })
  const headers = Object.entries({ ...withoutHops(request.headers), ...own })
  const chunked = request.headers['transfer-encoding'] ? [['transfer-encoding', 'chunked']] : []
  return Object.fromEntries([
    ...headers.filter(([, value]) => value !== undefined),
    ...chunked,
    ['connection', 'close'],
  ])
}

function withoutHops(headers: IncomingMessage['headers']): IncomingMessage['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)))
}

/** Sends an error page, or breaks off a response that has started. */
function sendError(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const title = `${status} ${text}`
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  response.writeHead(status, { 'content-type': 'text/html', connection: 'close' }).end(page)
}
