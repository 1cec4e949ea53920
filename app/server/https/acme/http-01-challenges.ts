import type { IncomingMessage, ServerResponse } from 'node:http'

const PATH = '/.well-known/acme-challenge/'

/** The pending http-01 challenges (RFC 8555, 8.3). */
export class Http01Challenges {
  readonly #keyAuthorizations = new Map<string, string>()

  add(token: string, keyAuthorization: string): void {
    this.#keyAuthorizations.set(token, keyAuthorization)
  }

  delete(token: string): void {
    this.#keyAuthorizations.delete(token)
  }

  /** Responds to requests for challenges. @returns Whether this was one */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? ''
    if (!url.startsWith(PATH)) return false
    const keyAuthorization = this.#keyAuthorizations.get(url.slice(PATH.length))
    if (keyAuthorization === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) {
      response.writeHead(404, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' })
      response.end('No such challenge is open\n')
      return true
    }
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': keyAuthorization.length,
      'Cache-Control': 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : keyAuthorization)
    return true
  }
}
