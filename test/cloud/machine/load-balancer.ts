import {
  createServer,
  type Server as HttpServer,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server, Socket } from 'node:net'
import type { BalancerPlan, BalancerPort, Choice } from '../control-plane/hardware.ts'
import type { Connector } from './health-probe.ts'

/** Where a load balancer listens and connects from. */
export interface BalancerNetwork {
  /** A server at a public address. */
  listen(address: string, port: number): Promise<Server>
  /** Connects to a server behind it. */
  connect: Connector
}

/** How long a server is given to take a connection, in milliseconds. */
const CONNECT_MS = 5000

interface OpenPort {
  plan: BalancerPort
  close(): void
}

/** Headers that are for one connection only. Source: RFC 9110, 7.6.1. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']

/**
 * A load balancer at its public addresses: hands each request to a server that the control plane
 * chooses, over a connection of its own.
 * Source of the statuses: "ALB status codes", ALB documentation.
 */
export class LoadBalancer {
  /** What it had to answer itself, oldest first, e.g. `:80 GET /signature 502`. */
  readonly refused: string[] = []
  readonly #network: BalancerNetwork
  readonly #ports = new Map<string, OpenPort>()
  #work: Promise<void> = Promise.resolve()

  constructor(network: BalancerNetwork) {
    this.#network = network
  }

  /** Listens where the plan says, and nowhere else; plans are followed in their order. */
  follow(plan: BalancerPlan): Promise<void> {
    this.#work = this.#work.then(() => this.#follow(plan))
    return this.#work
  }

  close(): void {
    for (const { close } of this.#ports.values()) close()
    this.#ports.clear()
  }

  async #follow({ addresses, ports }: BalancerPlan): Promise<void> {
    const wanted = new Map<string, { address: string; plan: BalancerPort }>(
      addresses.flatMap((address) =>
        ports.map((plan) => [`${address}:${plan.port}`, { address, plan }] as const),
      ),
    )
    for (const [place, open] of this.#ports) {
      const next = wanted.get(place)
      const same = next?.plan.certificate?.cert === open.plan.certificate?.cert
      if (next && same) {
        open.plan = next.plan
        wanted.delete(place)
      } else {
        open.close()
        this.#ports.delete(place)
      }
    }
    for (const [place, { address, plan }] of wanted) {
      this.#ports.set(place, await this.#open(address, plan))
    }
  }

  async #open(address: string, plan: BalancerPort): Promise<OpenPort> {
    const server = await this.#network.listen(address, plan.port)
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#answer(address, opened.plan, request, response)
    }
    const http: HttpServer = plan.certificate
      ? createTlsServer(plan.certificate, answer)
      : createServer(answer)
    http.keepAliveTimeout = plan.idleTimeoutMs
    const open = new Set<Socket>()
    server.on('connection', (socket: Socket) => {
      open.add(socket)
      socket.once('close', () => open.delete(socket))
      socket.on('error', () => {})
      http.emit('connection', socket)
    })
    const opened: OpenPort = {
      plan,
      close: () => {
        server.close()
        for (const socket of open) socket.destroy()
      },
    }
    return opened
  }

  async #answer(
    address: string,
    plan: BalancerPort,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const refuse = (status: number, reason: string): void => {
      if (response.destroyed || response.writableEnded) return
      const path = request.url?.split('?')[0]
      const told = response.headersSent ? 'broken off' : status
      this.refused.push(`:${plan.port} ${request.method} ${path} ${told}`)
      answerOwn(response, status, reason)
    }
    const choice = plan.choose(address)
    if (!choice) return refuse(503, 'Service Temporarily Unavailable')
    response.once('close', choice.done)
    let connection: Socket
    try {
      connection = await this.#network.connect(choice.target, CONNECT_MS)
    } catch {
      return refuse(502, 'Bad Gateway')
    }
    if (response.destroyed) {
      connection.destroy()
      return
    }
    pass(connection, choice, plan, { request, response, refuse })
  }
}

/** A request and its answer, and how it is answered in the server's place. */
interface Exchange {
  request: IncomingMessage
  response: ServerResponse
  refuse(status: number, reason: string): void
}

function pass(
  connection: Socket,
  choice: Choice,
  plan: BalancerPort,
  { request, response, refuse }: Exchange,
): void {
  const { method, url } = request
  const passed = httpRequest(
    { createConnection: () => connection, method, path: url, headers: headersFor(plan, request) },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, withoutHops(answer.headers))
      answer.pipe(response)
      answer.on('error', () => refuse(502, 'Bad Gateway'))
    },
  )
  passed.setTimeout(plan.requestTimeoutMs, () => {
    refuse(504, 'Gateway Time-out')
    passed.destroy()
  })
  const cut = () => passed.destroy(new Error('the server is gone'))
  choice.signal.addEventListener('abort', cut)
  passed.on('error', () => refuse(502, 'Bad Gateway'))
  response.once('close', () => {
    choice.signal.removeEventListener('abort', cut)
    passed.destroy()
  })
  request.pipe(passed)
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

/** An answer in the server's place; an answer that has begun is broken off. */
function answerOwn(response: ServerResponse, status: number, text: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const title = `${status} ${text}`
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`
  response.writeHead(status, { 'content-type': 'text/html', connection: 'close' }).end(page)
}
