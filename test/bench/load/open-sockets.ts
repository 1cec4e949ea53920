import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'

const BATCH = 100

/** Connects sockets to a port on this machine, in batches. @throws Error when one fails */
export async function openSockets(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  try {
    while (sockets.length < count) {
      // A reset connection fails its next request.
      const batch = Array.from({ length: Math.min(BATCH, count - sockets.length) }, () =>
        connect(port, '127.0.0.1').on('error', () => {}),
      )
      sockets.push(...batch)
      await Promise.all(batch.map((socket) => once(socket, 'connect')))
    }
    return sockets
  } catch (error) {
    for (const socket of sockets) socket.destroy()
    throw error
  }
}

/** Uses the given sockets and never opens another. */
export class OpenSocketsAgent extends Agent {
  readonly #sockets: Socket[]

  /** @param sockets Connected; closed by `destroy` */
  constructor(sockets: Socket[]) {
    super({ keepAlive: true, maxSockets: sockets.length, maxFreeSockets: sockets.length })
    this.#sockets = sockets
  }

  override createConnection(): Socket {
    const socket = this.#sockets.pop()
    if (!socket) throw new Error('The server closed a keep-alive connection')
    return socket
  }

  override destroy(): void {
    super.destroy()
    for (const socket of this.#sockets.splice(0)) socket.destroy()
  }
}
