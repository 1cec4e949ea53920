import { once } from 'node:events'
import { Agent } from 'node:http'
import { connect, type Socket } from 'node:net'

const AT_ONCE = 100

/** Opens sockets to a port of this machine, a hundred at a time. @throws when one cannot be opened */
export async function openSockets(port: number, count: number): Promise<Socket[]> {
  const sockets: Socket[] = []
  try {
    while (sockets.length < count) {
      // One that is reset while it waits fails what is sent over it.
      const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () =>
        connect(port, '127.0.0.1').on('error', () => {}),
      )
      sockets.push(...some)
      await Promise.all(some.map((socket) => once(socket, 'connect')))
    }
    return sockets
  } catch (error) {
    for (const socket of sockets) socket.destroy()
    throw error
  }
}

/** Sends each request over one of the sockets, and never opens another. */
export class OpenSocketsAgent extends Agent {
  readonly #sockets: Socket[]

  /** @param sockets As `openSockets` opens them; closed by `destroy` */
  constructor(sockets: Socket[]) {
    super({ keepAlive: true, maxSockets: sockets.length, maxFreeSockets: sockets.length })
    this.#sockets = sockets
  }

  override createConnection(): Socket {
    const socket = this.#sockets.pop()
    if (!socket) throw new Error('The server closed a connection that was to be used again')
    return socket
  }

  override destroy(): void {
    super.destroy()
    for (const socket of this.#sockets.splice(0)) socket.destroy()
  }
}
