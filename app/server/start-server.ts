import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type AppOptions, createApp } from './create-app.ts'
import { answerMalformedRequests } from './malformed-request.ts'
import { OpenRequests } from './open-requests.ts'

export interface ServerOptions extends AppOptions {
  /** 0 takes a free one. */
  port: number
  /** Address to listen on. @default every address of the machine */
  host?: string
  /** Milliseconds that requests in flight get once `close` is called. @default 10_000 */
  closeWithin?: number
}

export interface RunningServer {
  /** The port that is listened on. */
  port: number
  /**
   * Ends the server: no new connections, idle ones closed at once, requests in flight answered
   * with `Connection: close`, and those that are stuck cut after `closeWithin`. Every call returns
   * the same promise.
   */
  close(): Promise<void>
}

/** Thrown when the port cannot be listened on; the message is a sentence for who started it. */
export class ListenError extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'ListenError'
  }
}

/**
 * Creates the application and listens.
 *
 * @throws TypeError when an option cannot work
 * @throws ListenError when the port is taken, not permitted or not of this machine
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const app = createApp(options)
  const server = createServer({
    // Nothing here takes long to send: the largest body is a callback of 64 KiB.
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    connectionsCheckingInterval: 2_000,
    // Longer than load balancers keep theirs, so that none is closed as it is being used again.
    keepAliveTimeout: 20_000,
  })
  const open = new OpenRequests(server)
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    open.add(response)
    app(request, response)
  }
  server.on('request', answer)
  // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1).
  server.on('checkExpectation', answer)
  answerMalformedRequests(server, (socket) => open.answering(socket))
  await listen(server, options.port, options.host)
  // Such as too many open files while accepting: the server goes on.
  const report = options.report ?? ((error: unknown) => console.error(error))
  server.on('error', (error) => report(error, ''))
  let closed: Promise<void> | undefined
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      closed ??= open.drain(options.closeWithin ?? 10_000)
      return closed
    },
  }
}

async function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  await new Promise<void>((done, fail) => {
    const refuse = (error: Error): void => fail(listenError(error, port, host))
    server.once('error', refuse)
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', refuse)
      done()
    })
  })
}

function listenError(error: NodeJS.ErrnoException, port: number, host: string | undefined): Error {
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is taken: choose another`,
    EACCES: `Port ${port} may not be listened on by this user: choose one from 1024 up`,
    EADDRNOTAVAIL: `The address ${host} does not belong to this machine`,
  }
  const sentence = sentences[error.code ?? '']
  return sentence === undefined ? error : new ListenError(sentence, error)
}
