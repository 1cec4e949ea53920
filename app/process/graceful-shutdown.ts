import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/** How long a connection that has not sent a byte may still start a request. */
const FIRST_BYTE_GRACE_MS = 100

/** Tracks the connections and responses of a server, so that it can close without cutting requests. */
export class GracefulShutdown {
  readonly #server: Server
  readonly #responses = new Set<ServerResponse>()
  readonly #sockets = new Set<Socket>()
  #closing = false

  constructor(server: Server) {
    this.#server = server
    const track = (socket: Socket): void => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    }
    server.on('connection', track)
    // `bytesRead` of a TLS socket does not count the handshake.
    server.on('secureConnection', track)
  }

  /** Tracks a response. Call it before anything is written. */
  track(response: ServerResponse): void {
    this.#responses.add(response)
    if (this.#closing) response.setHeader('Connection', 'close')
    response.on('close', () => {
      this.#responses.delete(response)
      // A response whose head was sent before closing started leaves its connection open.
      if (this.#closing) setImmediate(() => this.#server.closeIdleConnections())
    })
  }

  /** Returns whether part of a response has been sent on a connection. */
  isResponding(socket: Socket): boolean {
    return [...this.#responses].some(
      (response) => response.socket === socket && response.headersSent,
    )
  }

  /**
   * Accepts no new connections, closes those without a request, and waits for the others.
   *
   * @param limitMs How long to wait before all connections are cut
   */
  async close(limitMs: number): Promise<void> {
    this.#closing = true
    for (const response of this.#responses) {
      if (!response.headersSent) response.setHeader('Connection', 'close')
    }
    // Node counts a connection that has never sent a byte as busy.
    const grace = setTimeout(() => {
      for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy()
    }, FIRST_BYTE_GRACE_MS)
    const cut = setTimeout(() => this.#server.closeAllConnections(), limitMs)
    await new Promise((done) => this.#server.close(done))
    clearTimeout(grace)
    clearTimeout(cut)
  }
}
