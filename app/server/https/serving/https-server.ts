import type { ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import { isIPv4, type Socket } from 'node:net'
import type { CertificateManager } from '../renewal/certificate-manager.ts'

const MIN_VERSION = 'TLSv1.2'
const HANDSHAKE_TIMEOUT_MS = 10_000

/**
 * Creates a server that uses the manager's certificate, and each new one for new connections. While
 * there is none, it closes connections at once.
 */
export function createHttpsServer(manager: CertificateManager, options: ServerOptions): Server {
  const server = createServer({
    ...options,
    minVersion: MIN_VERSION,
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  })
  let hasCertificate = false
  server.prependListener('connection', (socket: Socket) => {
    if (!hasCertificate) socket.destroy()
  })
  const use = ({ key, chain }: { key: string; chain: string }): void => {
    server.setSecureContext({ key, cert: chain, minVersion: MIN_VERSION })
    hasCertificate = true
  }
  if (manager.certificate) use(manager.certificate)
  manager.onCertificate(use)
  return server
}

/**
 * Sets the headers that browsers honour over https alone.
 *
 * Strict-Transport-Security applies to host names only (RFC 6797, 8.1.1), and here no longer than the
 * certificate: if https fails, browsers can still open the page over http.
 */
export function setHttpsHeaders(manager: CertificateManager, response: ServerResponse): void {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Origin-Agent-Cluster', '?1')
  if (manager.isServing && !isIPv4(manager.name)) {
    response.setHeader('Strict-Transport-Security', `max-age=${manager.secondsLeft}`)
  }
}
