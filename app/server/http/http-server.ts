import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { GracefulShutdown } from '../../process/graceful-shutdown.ts'
import { listen } from '../../process/listen.ts'
import { answerMalformedRequests } from './client-error.ts'

/** A server of HTTP, over TLS or not, whose requests are kept account of until it is closed. */
export class WebServer {
  readonly #server: Server
  readonly #shutdown: GracefulShutdown
  #closed: Promise<void> | undefined

  /** @param report Told of what fails beside the requests; the server goes on */
  constructor(
    server: Server,
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    report: (error: unknown, requestId: string) => void,
  ) {
    const shutdown = new GracefulShutdown(server)
    const admit = (request: IncomingMessage, response: ServerResponse): void => {
      shutdown.track(response)
      answer(request, response)
    }
    server.on('request', admit)
    // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1).
    server.on('checkExpectation', admit)
    answerMalformedRequests(server, (socket) => shutdown.isResponding(socket))
    server.on('error', (error) => {
      // Until it listens, `listen` tells.
      if (server.listening) report(error, '')
    })
    this.#server = server
    this.#shutdown = shutdown
  }

  /** @returns The port @throws ListenError */
  listen(port: number, host: string | undefined): Promise<number> {
    return listen(this.#server, port, host)
  }

  /** Answers what is in flight, at most for some milliseconds. @default 10_000 */
  close(within = 10_000): Promise<void> {
    this.#closed ??= this.#shutdown.close(within)
    return this.#closed
  }
}
