import type { Server as HttpServer, RequestListener } from 'node:http'
import { createServer } from 'node:http'
import type { Server as Listener, Socket } from 'node:net'

/** HTTP on the connections of a listener. */
export interface HttpService {
  /** Stops listening and closes all connections. */
  close(): void
}

/** Serves HTTP, with or without TLS, on the connections that a listener in a namespace accepts. */
export function serveConnections(listener: Listener, http: HttpServer): HttpService {
  const sockets = new Set<Socket>()
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    http.emit('connection', socket)
  })
  return {
    close: () => {
      listener.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

/** Serves plain HTTP on a listener's connections. */
export function serveHttp(listener: Listener, handler: RequestListener): HttpService {
  return serveConnections(listener, createServer(handler))
}
