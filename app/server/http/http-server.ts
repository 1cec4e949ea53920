import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { OpenRequests } from '../../process/graceful-shutdown.ts'
import { listen } from '../../process/listen.ts'
import { answerMalformedRequests } from './client-error.ts'

/** A server of HTTP, over TLS or not, whose requests are kept account of until it is closed. */
export class WebServer {
  readonly #server: Server
  readonly #open: OpenRequests
  #closed: Promise<void> | undefined

  /** @param report Told of what fails beside the requests; the server goes on */
  constructor(
    server: Server,
    answer: (request: IncomingMessage, response: ServerResponse) => void,
    report: (error: unknown, requestId: string) => void,
  ) {
    const open = new OpenRequests(server)
    const admit = (request: IncomingMessage, response: ServerResponse): void => {
      open.add(response)
      answer(request, response)
    }
    server.on('request', admit)
    // An expectation that is not known is no reason to refuse (RFC 9110, 10.1.1).
    server.on('checkExpectation', admit)
    answerMalformedRequests(server, (socket) => open.answering(socket))
    server.on('error', (error) => {
      // Until it listens, `listen` tells.
      if (server.listening) report(error, '')
    })
    this.#server = server
    this.#open = open
  }

  /** @returns The port @throws ListenError */
  listen(port: number, host: string | undefined): Promise<number> {
    return listen(this.#server, port, host)
  }

  /** Answers what is in flight, at most for some milliseconds. @default 10_000 */
  close(within = 10_000): Promise<void> {
    this.#closed ??= this.#open.drain(within)
    return this.#closed
  }
}
