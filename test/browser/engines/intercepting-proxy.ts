import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { listen } from '../listen.ts'
import { type Handler, ProxiedRequest, ProxiedResponse, ProxiedRoute } from './proxied-request.ts'

const INIT_PATH = '/init-script.js'

/** What happens to the requests of a tab, by the names of Playwright's events. */
export interface ProxyEvents {
  request: (request: ProxiedRequest) => void
  requestfailed: (request: ProxiedRequest) => void
  requestfinished: (request: ProxiedRequest) => void
  response: (response: ProxiedResponse) => void
}

/**
 * An HTTP proxy that watches and intercepts the requests of one tab, for drivers that can do neither.
 * Like Playwright, it shows no preflights. A request that is aborted, or whose server ends the
 * connection, has its connection reset.
 */
export class InterceptingProxy {
  readonly port: number
  readonly #close: () => void
  readonly #listeners: { [E in keyof ProxyEvents]: ProxyEvents[E][] }
  #routes: { matches: (url: string) => boolean; handler: Handler }[] = []
  readonly #initScripts: string[] = []

  private constructor(port: number, close: () => void) {
    this.port = port
    this.#close = close
    this.#listeners = { request: [], requestfailed: [], requestfinished: [], response: [] }
  }

  static async start(): Promise<InterceptingProxy> {
    const server = createServer()
    const proxy = new InterceptingProxy(await listen(server), () => {
      server.closeAllConnections()
      server.close()
    })
    server.on('request', (incoming: IncomingMessage, outgoing: ServerResponse) => {
      void proxy.#handle(incoming, outgoing)
    })
    return proxy
  }

  on<E extends keyof ProxyEvents>(event: E, listener: ProxyEvents[E]): void {
    this.#listeners[event].push(listener)
  }

  /** @param pattern A whole URL, or one that starts with `**` */
  route(pattern: string, handler: Handler): void {
    const matches = pattern.startsWith('**')
      ? (url: string) => url.endsWith(pattern.slice(2))
      : (url: string) => url === pattern
    this.#routes.unshift({ matches, handler })
  }

  unrouteAll(): void {
    this.#routes = []
  }

  /** Runs a script before those of each page that is loaded from now on. */
  addInitScript(script: string): void {
    this.#initScripts.push(script)
  }

  close(): void {
    this.#close()
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const url = incoming.url ?? ''
    if (new URL(url).pathname === INIT_PATH) {
      outgoing.setHeader('Content-Type', 'text/javascript')
      outgoing.end(this.#initScripts.join('\n'))
      return
    }
    const proxied = new ProxiedRequest(incoming)
    if (proxied.isPreflight) return this.#forward(proxied, outgoing)
    for (const listener of this.#listeners.request) listener(proxied)
    const handler = this.#routes.find(({ matches }) => matches(url))?.handler
    if (!handler) return this.#forward(proxied, outgoing)
    const proceed = (): void => this.#forward(proxied, outgoing)
    await handler(new ProxiedRoute(proxied, outgoing, proceed))
  }

  #forward(proxied: ProxiedRequest, outgoing: ServerResponse): void {
    const { incoming, isDocument } = proxied
    const isChanged = isDocument && this.#initScripts.length > 0
    const headers = { ...incoming.headers }
    delete headers['proxy-connection']
    if (isChanged) {
      delete headers['accept-encoding']
      delete headers['if-none-match']
      delete headers['if-modified-since']
    }
    const { method = 'GET' } = incoming
    const { hostname, port, pathname, search } = new URL(proxied.url())
    const path = pathname + search
    const upstream = request({ host: hostname, port, method, path, headers, agent: false, lookup })
    const fail = (): void => {
      if (outgoing.writableFinished) return
      if (!proxied.isPreflight)
        for (const listener of this.#listeners.requestfailed) listener(proxied)
      incoming.socket.resetAndDestroy()
      upstream.destroy()
    }
    // A server may respond, and close the connection, before it has read the whole request.
    upstream.on('error', () => {
      if (!outgoing.headersSent) fail()
    })
    incoming.once('error', () => upstream.destroy())
    outgoing.once('close', () => {
      if (!outgoing.writableFinished) upstream.destroy()
    })
    upstream.once('response', async (reply) => {
      reply.once('error', fail)
      if (isChanged && /html/.test(reply.headers['content-type'] ?? '')) {
        const html = await text(reply)
        const changed = html.replace('<head>', `<head><script src="${INIT_PATH}"></script>`)
        const length = Buffer.byteLength(changed)
        outgoing.writeHead(reply.statusCode ?? 200, { ...reply.headers, 'content-length': length })
        outgoing.end(changed)
        return
      }
      outgoing.writeHead(reply.statusCode ?? 200, reply.statusMessage, reply.rawHeaders)
      reply.pipe(outgoing)
      if (proxied.isPreflight) return
      const response = new ProxiedResponse(proxied, reply)
      proxied.setResponse(response)
      for (const listener of this.#listeners.response) listener(response)
      reply.once('end', () => {
        for (const listener of this.#listeners.requestfinished) listener(proxied)
      })
    })
    incoming.pipe(upstream)
  }
}

/** All names are of this machine. */
function lookup(
  _name: string,
  _options: object,
  callback: (error: null, addresses: { address: string; family: number }[]) => void,
): void {
  callback(null, [{ address: '127.0.0.1', family: 4 }])
}
