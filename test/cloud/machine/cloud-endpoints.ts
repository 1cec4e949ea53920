import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { Server as NetServer, Socket } from 'node:net'
import { createSecureContext, type TLSSocket } from 'node:tls'
import type { ServerCertificate } from '../control-plane/certificates/certificate-authority.ts'
import type { From } from '../control-plane/gateway/cloud-front.ts'

/** What a cloud answers with, behind its names. */
export interface CloudAnswers {
  /** A certificate for one of its names. */
  issue(host: string): ServerCertificate
  /** Answers one request. */
  handle(request: IncomingMessage, response: ServerResponse, from: From): unknown
}

/** Has one server's requests answered. */
export interface Door {
  close(): void
}

/** Answers plain requests that come in at a server. */
export function openDoor(
  server: NetServer,
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Door {
  return join(server, createServer(answer))
}

/** Answers requests for the cloud's names, by TLS or not. */
export function openCloudDoor(
  server: NetServer,
  cloud: CloudAnswers,
  from: { secure: boolean; network: From['network'] },
): Door {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const host = from.secure ? sniOf(request) : hostOf(request)
    const clientAddress = request.socket.remoteAddress ?? ''
    cloud.handle(request, response, { ...from, host, clientAddress })
  }
  if (!from.secure) return openDoor(server, answer)
  const tls = createTlsServer(
    {
      SNICallback: (name, done) => {
        try {
          done(null, createSecureContext(cloud.issue(name)))
        } catch (error) {
          done(error as Error)
        }
      },
    },
    answer,
  )
  return join(server, tls)
}

function join(server: NetServer, http: Server): Door {
  const open = new Set<Socket>()
  // As long as an instance holds an idle connection, so does the cloud.
  http.keepAliveTimeout = 60_000
  server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    socket.on('error', () => {})
    http.emit('connection', socket)
  })
  return {
    close: () => {
      server.close()
      for (const socket of open) socket.destroy()
    },
  }
}

function sniOf(request: IncomingMessage): string {
  const { servername } = request.socket as TLSSocket & { servername?: string | false }
  return servername || hostOf(request)
}

function hostOf(request: IncomingMessage): string {
  return (request.headers.host ?? '').replace(/:\d+$/, '')
}
