import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** Milliseconds that a connection which has sent nothing yet may still begin a request. */
const FIRST_BYTE_GRACE = 100

/** Keeps account of a server's connections and the answers they wait for. */
export class OpenRequests {
  readonly #server: Server
  readonly #responses = new Set<ServerResponse>()
  readonly #sockets = new Set<Socket>()
  #draining = false

  constructor(server: Server) {
    this.#server = server
    const keep = (socket: Socket): void => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    server.on('connection', keep)
    // Over TLS, the bytes of the handshake are none of a request.
    server.on('secureConnection', keep)
  }

  /** To be called with every response before anything is done with it. */
  add(response: ServerResponse): void {
    this.#responses.add(response)
    if (this.#draining) response.setHeader('Connection', 'close')
    response.on('close', () => {
      this.#responses.delete(response)
      // An answer whose head was out before draining began leaves its connection open.
      if (this.#draining) setImmediate(() => this.#server.closeIdleConnections())
    })
  }

  /** Whether bytes of an answer are out on this connection, so that no other may be written. */
  answering(socket: Socket): boolean {
    return [...this.#responses].some(
      (response) => response.socket === socket && response.headersSent,
    )
  }

  /**
   * Stops the server: takes no new connections, ends those without a request, answers the others.
   *
   * @param limit Milliseconds after which whatever is left is cut
   */
  async drain(limit: number): Promise<void> {
    this.#draining = true
    for (const response of this.#responses) {
      if (!response.headersSent) response.setHeader('Connection', 'close')
    }
    // Node counts a connection that has never sent a byte as busy.
    const grace = setTimeout(() => {
      for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    }, FIRST_BYTE_GRACE)
    const cut = setTimeout(() => this.#server.closeAllConnections(), limit)
    await new Promise((done) => this.#server.close(done))
    clearTimeout(grace)
    clearTimeout(cut)
  }
}
