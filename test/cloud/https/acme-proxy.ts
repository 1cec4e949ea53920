import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ServerCertificate } from 'simulated-cloud'

/** A response in place of the authority's. */
export interface Fault {
  status: number
  headers: Record<string, string>
  body: object
}

/** A proxy of the authority: counts requests, responds in its place, or cuts every connection. */
export class AcmeProxy {
  /** Whether every connection is cut. */
  isDown = false
  /** @returns The response to send; undefined forwards the request */
  fault: (path: string) => Fault | undefined = () => undefined
  /** Paths of the requests. */
  readonly paths: string[] = []
  badNonces = 0
  /** Number of orders, without those whose nonce was refused. */
  orders = 0
  readonly #server
  readonly #target: string
  readonly #ca: string

  /** @param target Origin of the authority @param ca PEM of the CA of its TLS certificate */
  constructor(target: string, ca: string, certificate: ServerCertificate) {
    this.#target = target
    this.#ca = ca
    this.#server = createServer(
      certificate,
      (request, response) => void this.#forward(request, response),
    )
  }

  /** @returns Its origin */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    if (this.isDown) {
      request.socket.destroy()
      return
    }
    this.paths.push(path)
    if (path === '/order-plz') this.orders += 1
    const fault = this.fault(path)
    if (fault) {
      response.writeHead(fault.status, fault.headers).end(JSON.stringify(fault.body))
      return
    }
    const { method, headers } = request
    const forwarded = httpsRequest(`${this.#target}${path}`, { method, headers, ca: this.#ca })
    request.pipe(forwarded)
    const [answer] = (await once(forwarded, 'response')) as [IncomingMessage]
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    if (answer.statusCode === 400) {
      answer.on('data', (bytes) => {
        if (!String(bytes).includes('badNonce')) return
        this.badNonces += 1
        if (path === '/order-plz') this.orders -= 1
      })
    }
    answer.pipe(response)
  }
}
