import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** Decides what happens to a request, as in Playwright's `Page.route`. */
export type Handler = (route: ProxiedRoute) => void | Promise<void>

/** A request that passes a proxy: the part of Playwright's `Request` that tests use. */
export class ProxiedRequest {
  readonly incoming: IncomingMessage
  #response: ProxiedResponse | undefined

  constructor(incoming: IncomingMessage) {
    this.incoming = incoming
  }

  get isPreflight(): boolean {
    return this.incoming.method === 'OPTIONS'
  }

  get isDocument(): boolean {
    const { method, headers } = this.incoming
    return method === 'GET' && (headers.accept ?? '').startsWith('text/html')
  }

  url(): string {
    return this.incoming.url ?? ''
  }

  method(): string {
    return this.incoming.method ?? 'GET'
  }

  setResponse(response: ProxiedResponse): void {
    this.#response = response
  }

  /** Returns bytes as they are on the wire. Call when the request has finished. */
  async sizes(): Promise<{ responseBodySize: number; responseHeadersSize: number }> {
    return this.#response?.sizes() ?? { responseBodySize: 0, responseHeadersSize: 0 }
  }
}

/** A response that passes a proxy. */
export class ProxiedResponse {
  readonly #request: ProxiedRequest
  readonly #reply: IncomingMessage
  #bodySize = 0
  readonly #json: Buffer[] = []

  constructor(request: ProxiedRequest, reply: IncomingMessage) {
    this.#request = request
    this.#reply = reply
    const isJson = (reply.headers['content-type'] ?? '').includes('json')
    reply.on('data', (bytes: Buffer) => {
      this.#bodySize += bytes.length
      if (isJson) this.#json.push(bytes)
    })
  }

  url(): string {
    return this.#request.url()
  }

  status(): number {
    return this.#reply.statusCode ?? 0
  }

  request(): ProxiedRequest {
    return this.#request
  }

  async json(): Promise<unknown> {
    if (!this.#reply.complete) await once(this.#reply, 'end')
    const body = Buffer.concat(this.#json)
    const encoding = this.#reply.headers['content-encoding']
    const decoded =
      encoding === 'br' ? brotliDecompressSync(body) : encoding === 'gzip' ? gunzipSync(body) : body
    return JSON.parse(String(decoded))
  }

  sizes(): { responseBodySize: number; responseHeadersSize: number } {
    const { rawHeaders } = this.#reply
    const responseHeadersSize = rawHeaders.reduce((sum, text) => sum + text.length + 2, 19)
    return { responseBodySize: this.#bodySize, responseHeadersSize }
  }
}

/** A response that `ProxiedRoute.fetch` has received. */
export interface FetchedResponse {
  status: number
  headers: Record<string, string>
  json(): Promise<unknown>
}

/** A request that waits for a decision. */
export class ProxiedRoute {
  readonly #request: ProxiedRequest
  readonly #outgoing: ServerResponse
  readonly #proceed: () => void

  constructor(request: ProxiedRequest, outgoing: ServerResponse, proceed: () => void) {
    this.#request = request
    this.#outgoing = outgoing
    this.#proceed = proceed
  }

  request(): ProxiedRequest {
    return this.#request
  }

  async continue(): Promise<void> {
    this.#proceed()
  }

  /** Resets the connection. */
  async abort(): Promise<void> {
    this.#request.incoming.socket.resetAndDestroy()
  }

  /** Sends the request from here. @param options `url` goes to this machine */
  async fetch({ url }: { url: string }): Promise<FetchedResponse> {
    const { incoming } = this.#request
    const { host: _, 'accept-encoding': __, ...headers } = incoming.headers
    const body = await buffer(incoming)
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    request(url, { method: incoming.method ?? 'GET', headers }, resolve)
      .on('error', reject)
      .end(body)
    const reply = await promise
    const content = await buffer(reply)
    const { 'content-length': ___, 'transfer-encoding': ____, ...replyHeaders } = reply.headers
    return {
      status: reply.statusCode ?? 0,
      headers: replyHeaders as Record<string, string>,
      json: async () => JSON.parse(String(content)),
    }
  }

  /** Responds, to pages of any origin. */
  async fulfill(options: {
    response?: FetchedResponse
    status?: number
    headers?: Record<string, string>
    json?: unknown
    body?: string
    contentType?: string
  }): Promise<void> {
    const { response, json, contentType } = options
    this.#request.incoming.resume()
    const body = json === undefined ? (options.body ?? '') : JSON.stringify(json)
    const type = contentType ?? (json === undefined ? undefined : 'application/json')
    this.#outgoing.writeHead(options.status ?? response?.status ?? 200, {
      ...response?.headers,
      ...options.headers,
      ...(type ? { 'content-type': type } : {}),
      'access-control-allow-origin': '*',
    })
    this.#outgoing.end(body)
  }
}
