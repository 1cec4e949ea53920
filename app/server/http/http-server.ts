import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { GracefulShutdown } from '@oss-direct-upload/process/graceful-shutdown'
import { listen } from '@oss-direct-upload/process/listen'
import { answerMalformedRequests } from './client-error.ts'

/** An HTTP server, with or without TLS, that closes gracefully. */
export class HttpServer {
  readonly #server: Server
  readonly #shutdown: GracefulShutdown
  #closed: Promise<void> | undefined

  /** @param report Called for errors outside of requests; the server keeps running */
  constructor(
    server: Server,
    handler: (request: IncomingMessage, response: ServerResponse) => void,
    report: (error: unknown, requestId: string) => void,
  ) {
    const shutdown = new GracefulShutdown(server)
    const onRequest = (request: IncomingMessage, response: ServerResponse): void => {
      shutdown.track(response)
      handler(request, response)
    }
    server.on('request', onRequest)
    // An unknown expectation is ignored (RFC 9110, 10.1.1).
    server.on('checkExpectation', onRequest)
    answerMalformedRequests(server, (socket) => shutdown.isResponding(socket))
    server.on('error', (error) => {
      // Until the server listens, `listen` throws the error.
      if (server.listening) report(error, '')
    })
    this.#server = server
    this.#shutdown = shutdown
  }

  /** @returns The port @throws ListenError */
  listen(port: number, host: string | undefined): Promise<number> {
    return listen(this.#server, port, host)
  }

  /** Answers pending requests; cuts those that take longer than the limit. @default 10_000 */
  close(limitMs = 10_000): Promise<void> {
    this.#closed ??= this.#shutdown.close(limitMs)
    return this.#closed
  }
}
