import {
  Agent,
  type ClientRequestArgs,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import { Agent as HttpsAgent, type RequestOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import type { NamespaceSockets } from './namespace-sockets.ts'

/** Connects from within a network namespace. */
export class InternetAgent extends Agent {
  readonly #sockets: () => NamespaceSockets

  constructor(sockets: () => NamespaceSockets) {
    super()
    this.#sockets = sockets
  }

  override createConnection(
    { host, port }: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#sockets()
      .connect(host ?? '', Number(port))
      .then(
        (socket) => callback?.(null, socket),
        (error: Error) => callback?.(error, undefined as unknown as Duplex),
      )
  }
}

/** Connects from within a network namespace by TLS, to servers with a trusted certificate. */
export class InternetTlsAgent extends HttpsAgent {
  readonly #sockets: () => NamespaceSockets
  readonly #trusted: () => string[]

  /** @param trusted Returns the PEM of the trusted authorities */
  constructor(sockets: () => NamespaceSockets, trusted: () => string[]) {
    super()
    this.#sockets = sockets
    this.#trusted = trusted
  }

  override createConnection(
    { host, port, servername }: RequestOptions,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    const name = servername ? { servername } : {}
    this.#sockets()
      .connect(host ?? '', Number(port))
      .then(
        (socket) => {
          const ca = this.#trusted()
          // The certificate must be for the host; the socket is connected to its address.
          callback?.(null, connectTls({ socket, host: host ?? '', ca, ...name }))
        },
        (error: Error) => callback?.(error, undefined as unknown as Duplex),
      )
  }
}

/**
 * Forwards a request to a public address. When that fails, the client's connection is closed, as on the
 * internet.
 *
 * @param agent Makes the connection
 */
export function forwardRequest(
  agent: Agent,
  { address, port }: { address: string; port: number },
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url, headers } = request
  const forwarded = httpRequest(
    { agent, host: address, port, method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.on('error', () => request.socket.destroy())
    },
  )
  forwarded.on('error', () => request.socket.destroy())
  request.pipe(forwarded)
}
