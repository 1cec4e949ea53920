import {
  Agent,
  type ClientRequestArgs,
  request as httpRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { Duplex } from 'node:stream'
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
        // What is connected to nothing is no stream.
        (error: Error) => callback?.(error, undefined as unknown as Duplex),
      )
  }
}

/**
 * Passes a request on to a public address; one that cannot be passed on loses its connection, as it
 * would there.
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
  const passed = httpRequest(
    { agent, host: address, port, method, path: url, headers },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
      answer.on('error', () => request.socket.destroy())
    },
  )
  passed.on('error', () => request.socket.destroy())
  request.pipe(passed)
}
