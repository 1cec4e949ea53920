import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as Listener } from 'node:net'
import { createSecureContext, type TLSSocket } from 'node:tls'
import type { RequestOrigin, ServerCertificate } from 'simulated-cloud'
import { type HttpService, serveConnections } from './serve-connections.ts'

/** A cloud as far as its host names are concerned. */
export interface CloudEndpoints {
  /** Returns a certificate for one of its host names. */
  issue(host: string): ServerCertificate
  /** Answers one request. */
  handle(request: IncomingMessage, response: ServerResponse, from: RequestOrigin): unknown
}

/** Idle connections stay open as long as those of the real cloud. */
const KEEP_ALIVE_MS = 60_000

/** Serves the cloud's host names on a listener's connections, by HTTPS if `secure`. */
export function serveCloud(
  listener: Listener,
  cloud: CloudEndpoints,
  from: Pick<RequestOrigin, 'secure' | 'network'>,
): HttpService {
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    const host = from.secure ? sniHost(request) : headerHost(request)
    const clientAddress = request.socket.remoteAddress ?? ''
    cloud.handle(request, response, { ...from, host, clientAddress })
  }
  const options = { keepAliveTimeout: KEEP_ALIVE_MS }
  if (!from.secure) return serveConnections(listener, createServer(options, handler))
  const SNICallback: Parameters<typeof createTlsServer>[0]['SNICallback'] = (name, done) => {
    try {
      done(null, createSecureContext(cloud.issue(name)))
    } catch (error) {
      done(error as Error)
    }
  }
  return serveConnections(listener, createTlsServer({ ...options, SNICallback }, handler))
}

function sniHost(request: IncomingMessage): string {
  const { servername } = request.socket as TLSSocket & { servername?: string | false }
  return servername || headerHost(request)
}

function headerHost(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '')
}
