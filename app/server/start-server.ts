import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { listen } from '../http/listen.ts'
import { OpenRequests } from '../http/open-requests.ts'
import { type AppOptions, createApp } from './create-app.ts'
import { answerMalformedRequests } from './malformed-request.ts'

export { ListenError } from '../http/listen.ts'

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
  const port = await listen(server, options.port, options.host)
  // Such as too many open files while accepting: the server goes on.
  const report = options.report ?? ((error: unknown) => console.error(error))
  server.on('error', (error) => report(error, ''))
  let closed: Promise<void> | undefined
  return {
    port,
    close() {
      closed ??= open.drain(options.closeWithin ?? 10_000)
      return closed
    },
  }
}
