import type { IncomingMessage, ServerResponse } from 'node:http'

const PATH = '/.well-known/acme-challenge/'

/** The answers to http-01 challenges that are open (RFC 8555, 8.3). */
export class ChallengeAnswers {
  readonly #answers = new Map<string, string>()

  /** @param keyAuthorization What the certificate authority wants to read */
  set(token: string, keyAuthorization: string): void {
    this.#answers.set(token, keyAuthorization)
  }

  delete(token: string): void {
    this.#answers.delete(token)
  }

  /** @returns Whether the request was for a challenge, and is answered */
  answer(request: IncomingMessage, response: ServerResponse): boolean {
    const url = request.url ?? ''
    if (!url.startsWith(PATH)) return false
    const answer = this.#answers.get(url.slice(PATH.length))
    if (answer === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' })
      response.end('No such challenge is open\n')
      return true
    }
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': answer.length,
      'Cache-Control': 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : answer)
    return true
  }
}
