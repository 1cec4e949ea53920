import type { ServerResponse } from 'node:http'
import { createServer, type Server, type ServerOptions } from 'node:https'
import { isIPv4, type Socket } from 'node:net'
import type { CertificateKeeper } from '../renewal/certificate-manager.ts'

const OLDEST = 'TLSv1.2'
const HANDSHAKE_MS = 10_000

/**
 * A server that takes its certificate from the keeper, and each new one without closing a connection:
 * those that are open go on with the old one. Without any, connections are closed at once.
 */
export function createSecureServer(keeper: CertificateKeeper, options: ServerOptions): Server {
  const server = createServer({ ...options, minVersion: OLDEST, handshakeTimeout: HANDSHAKE_MS })
  let hasCertificate = false
  server.prependListener('connection', (socket: Socket) => {
    if (!hasCertificate) socket.destroy()
  })
  const serve = ({ key, chain }: { key: string; chain: string }): void => {
    server.setSecureContext({ key, cert: chain, minVersion: OLDEST })
    hasCertificate = true
  }
  if (keeper.certificate) serve(keeper.certificate)
  keeper.onCertificate(serve)
  return server
}

/**
 * Sets the headers that only count over https.
 *
 * Strict-Transport-Security is for host names only (RFC 6797, 8.1.1), and no promise beyond the end
 * of the certificate: a browser that was here before reaches the page over http when https fails.
 */
export function secureHeaders(keeper: CertificateKeeper, response: ServerResponse): void {
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Origin-Agent-Cluster', '?1')
  if (keeper.isServing && !isIPv4(keeper.name)) {
    response.setHeader('Strict-Transport-Security', `max-age=${keeper.secondsLeft}`)
  }
}
