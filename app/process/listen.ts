import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UsageError } from './usage-error.ts'

/** Thrown when a port cannot be listened on. */
export class ListenError extends UsageError {
  /** What has to change. */
  readonly about: 'port' | 'address'

  constructor(message: string, about: 'port' | 'address', cause: unknown) {
    super(message, { cause })
    this.name = 'ListenError'
    this.about = about
  }
}

/**
 * Length of the queue of connections that wait to be accepted. Node's default of 511 overflows when
 * thousands of clients connect at once: Linux then drops connections that the client believes to be
 * open, and resets them on the first request. The system lowers this to its own limit, on Linux
 * `net.core.somaxconn` (4096 by default).
 */
const BACKLOG = 65_535

/**
 * Listens on a port.
 *
 * @param port 0 takes a free one
 * @param host @default every address of the machine
 * @returns The port
 * @throws ListenError when the port is taken, not permitted or not of this machine
 */
export async function listen(server: Server, port: number, host?: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const onError = (error: Error): void => reject(listenError(error, port, host))
    server.once('error', onError)
    server.listen({ port, backlog: BACKLOG, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', onError)
      resolve()
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
