import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Thrown when a port cannot be listened on; the message is a sentence for who started it. */
export class ListenError extends Error {
  /** What would have to be another one. */
  readonly about: 'port' | 'address'

  constructor(message: string, about: 'port' | 'address', cause: unknown) {
    super(message, { cause })
    this.name = 'ListenError'
    this.about = about
  }
}

/**
 * Connections that may wait to be accepted. What Node asks for, 511, is full at once when clients
 * come by the thousand: Linux then forgets some that are connected in the eyes of their clients, and
 * resets them when their request comes. Asked for is the most there is, granted what the system
 * allows, which on Linux `net.core.somaxconn` says (4096 unless it is set).
 */
const WAITING_CONNECTIONS = 65_535

/**
 * Listens.
 *
 * @param port 0 takes a free one
 * @param host @default every address of the machine
 * @returns The port that is listened on
 * @throws ListenError when the port is taken, not permitted or not of this machine
 */
export async function listen(server: Server, port: number, host?: string): Promise<number> {
  await new Promise<void>((done, fail) => {
    const refuse = (error: Error): void => fail(listenError(error, port, host))
    server.once('error', refuse)
    const where = { port, backlog: WAITING_CONNECTIONS, ...(host === undefined ? {} : { host }) }
    server.listen(where, () => {
      server.off('error', refuse)
      done()
    })
  })
  return (server.address() as AddressInfo).port
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): Error {
  switch (error.code) {
    case 'EADDRINUSE':
      return new ListenError(`Port ${port} is taken: choose another`, 'port', error)
    case 'EACCES': {
      const sentence = `Port ${port} may not be listened on by this user: choose one from 1024 up`
      return new ListenError(sentence, 'port', error)
    }
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError(
        `The address ${host} does not belong to this machine`,
        'address',
        error,
      )
    default:
      return error
  }
}
