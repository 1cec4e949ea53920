import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const ROLES = '/latest/meta-data/ram/security-credentials/'

/** The part of an ECS metadata service that tells a role's credentials, tokens demanded. */
export class InstanceMetadata {
  /** Attached role; none when undefined. */
  role: string | undefined = 'uploader'
  /** What is told of it. */
  credentials = temporary('STS.1', '2026-01-01T06:00:00Z')
  /** Answers every request instead, when it is set. */
  instead: ((request: IncomingMessage, response: ServerResponse) => void) | undefined
  /** Every request so far, as `METHOD path`. */
  readonly requests: string[] = []
  /** The most requests that were in progress at once. */
  mostAtOnce = 0
  readonly #tokens = new Set<string>()
  readonly #server = createServer((request, response) => void this.#answer(request, response))
  #open = 0

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests.push(`${request.method} ${request.url}`)
    this.#open += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open)
    response.on('close', () => {
      this.#open -= 1
    })
    if (this.instead) return this.instead(request, response)
    // Long enough for requests to overlap if they can.
    await new Promise((resolve) => setTimeout(resolve, 5))
    const { headers, method, url } = request
    if (method === 'PUT' && url === '/latest/api/token') {
      const ttl = Number(headers['x-aliyun-ecs-metadata-token-ttl-seconds'])
      if (!(ttl >= 1 && ttl <= 21_600)) return void response.writeHead(400).end()
      const token = randomBytes(16).toString('base64')
      this.#tokens.add(token)
      return void response.end(token)
    }
    if (method !== 'GET') return void response.writeHead(405).end()
    if (!this.#tokens.has(String(headers['x-aliyun-ecs-metadata-token']))) {
      return void response.writeHead(403).end()
    }
    if (this.role !== undefined && url === ROLES) return void response.end(`${this.role}\n`)
    if (this.role !== undefined && url === ROLES + this.role) {
      return void response.end(JSON.stringify(this.credentials))
    }
    response.writeHead(404).end('<?xml version="1.0"?><html>404 - Not Found</html>')
  }
}

/** Credentials as the metadata service tells them; their secret and token follow from the id. */
export function temporary(id: string, expiration: string) {
  return {
    AccessKeyId: id,
    AccessKeySecret: `secret-of-${id}`,
    SecurityToken: `token-of-${id}`,
    Expiration: expiration,
    LastUpdated: '2026-01-01T00:00:00Z',
    Code: 'Success',
  }
}
