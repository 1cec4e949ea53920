import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import type { CertificateAuthority } from '../certificates/certificate-authority.ts'

/** The destination of a request. */
export interface Proxied {
  /** `name`, `name:port` or `address:port` that the client connected to. */
  host: string
  secure: boolean
}

export interface ProxyOptions {
  authority: CertificateAuthority
  /** Answers a request as the host would. */
  handle(request: IncomingMessage, response: ServerResponse, proxied: Proxied): void
  /** Returns whether a host exists. */
  connects(host: string): boolean
  /** Connects to a host that answers TLS itself; undefined for a host that the proxy answers. */
  tunnel(host: string): Promise<Duplex> | undefined
  /** Called for a host that does not exist. */
  onRefused(host: string): void
}

/** A running proxy. */
export interface Proxy {
  /** On 127.0.0.1. */
  port: number
  /** Cuts every connection. */
  close(): Promise<void>
}

/**
 * Starts an HTTP proxy that terminates connections: it answers CONNECT to port 443 by TLS with a
 * certificate for the name, and other ports and absolute URLs by plain HTTP. Hosts that answer TLS
 * themselves are connected without termination.
 */
export async function startProxy(options: ProxyOptions): Promise<Proxy> {
  const { authority, connects, onRefused } = options
  const sockets = new Set<Socket>()
  const contexts = new Map<string, SecureContext>()
  const contextOf = (name: string): SecureContext => {
    const context = contexts.get(name) ?? createSecureContext(authority.issue(name))
    contexts.set(name, context)
    return context
  }
  const front = createServer((request, response) => answerAbsolute(request, response, options))
  const targets = new WeakMap<Socket, string>()
  const plain = createServer((request, response) => {
    const host = targets.get(request.socket) ?? ''
    options.handle(request, response, { host, secure: false })
  })
  const tls = createTlsServer(
    {
      SNICallback: (name, done) => done(null, contextOf(name)),
      ...authority.issue('aliyuncs.com'),
    },
    (request, response) => answerEncrypted(request, response, options),
  )
  // The client sees errors of the handshake.
  tls.on('tlsClientError', () => {})
  for (const server of [front, plain, tls]) {
    server.requestTimeout = 0
    server.keepAliveTimeout = 60_000
  }
  front.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  front.on('connect', (request, stream, head) => {
    const socket = stream as Socket
    const host = request.url ?? ''
    if (!connects(host)) {
      onRefused(host)
      socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
      return
    }
    const tunnel = host.endsWith(':443') ? options.tunnel(host) : undefined
    if (tunnel) {
      void passOn(socket, head, tunnel)
      return
    }
    socket.write(ESTABLISHED)
    if (head.length > 0) socket.unshift(head)
    targets.set(socket, host)
    const server = host.endsWith(':443') ? tls : plain
    server.emit('connection', socket)
  })
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (front.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        front.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

const ESTABLISHED = 'HTTP/1.1 200 Connection Established\r\n\r\n'

/** When the connection fails, the client's connection is closed. */
async function passOn(socket: Socket, head: Buffer, tunnel: Promise<Duplex>): Promise<void> {
  try {
    const there = await tunnel
    socket.write(ESTABLISHED)
    there.write(head)
    await Promise.all([pipeline(socket, there), pipeline(there, socket)])
  } catch {
    socket.destroy()
  }
}

function answerAbsolute(
  request: IncomingMessage,
  response: ServerResponse,
  { handle, connects, onRefused }: ProxyOptions,
): void {
  const url = URL.parse(request.url ?? '')
  if (url?.protocol !== 'http:') {
    response.writeHead(400).end('This is a proxy: it takes CONNECT and absolute http URLs.\n')
    return
  }
  if (!connects(url.host)) {
    onRefused(url.host)
    response.writeHead(502).end('The proxy knows no such host.\n')
    return
  }
  // Servers get the path alone.
  request.url = (request.url ?? '').replace(/^http:\/\/[^/?]*/i, '') || '/'
  request.headers.host = url.host
  handle(request, response, { host: url.host, secure: false })
}

function answerEncrypted(
  request: IncomingMessage,
  response: ServerResponse,
  { handle }: ProxyOptions,
): void {
  const host = request.headers.host ?? ''
  const { servername } = request.socket as TLSSocket & { servername?: string | false }
  if (servername && host.replace(/:\d+$/, '').toLowerCase() !== servername.toLowerCase()) {
    response.writeHead(421).end('The certificate is for another host.\n')
    return
  }
  handle(request, response, { host, secure: true })
}
