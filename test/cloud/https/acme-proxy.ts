import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { ServerCertificate } from '../control-plane/certificates/certificate-authority.ts'

/** What the door answers in the authority's place. */
export interface Fault {
  status: number
  headers: Record<string, string>
  body: object
}

/** Stands in front of the authority: counts, answers in its place, or lets nobody through. */
export class AuthorityDoor {
  /** Every connection is cut. */
  isDown = false
  /** @returns What to answer instead; undefined lets the request through */
  fault: (path: string) => Fault | undefined = () => undefined
  /** Paths that were asked for, `newOrder` as the authority calls it. */
  readonly asked: string[] = []
  badNonces = 0
  /** How many certificates were ordered; an order whose nonce is refused is none yet. */
  orders = 0
  readonly #server
  readonly #behind: string
  readonly #trusted: string

  /** @param behind Origin of the authority @param trusted PEM of who vouches for it */
  constructor(behind: string, trusted: string, own: ServerCertificate) {
    this.#behind = behind
    this.#trusted = trusted
    this.#server = createServer(own, (request, response) => void this.#pass(request, response))
  }

  /** @returns Its origin */
  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? ''
    if (this.isDown) {
      request.socket.destroy()
      return
    }
    this.asked.push(path)
    if (path === '/order-plz') this.orders += 1
    const fault = this.fault(path)
    if (fault) {
      response.writeHead(fault.status, fault.headers).end(JSON.stringify(fault.body))
      return
    }
    const { method, headers } = request
    const onward = httpsRequest(`${this.#behind}${path}`, { method, headers, ca: this.#trusted })
    request.pipe(onward)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
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
