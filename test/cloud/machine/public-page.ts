import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import type { NamespaceSockets } from './namespace-sockets.ts'

/**
 * Passes a request on to a public address from within the internet of a machine room; one that
 * cannot be passed on loses its connection, as it would there.
 */
export async function forwardRequest(
  sockets: NamespaceSockets,
  { address, port }: { address: string; port: number },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const socket = await sockets.connect(address, port)
    const { method, url, headers } = request
    const passed = httpRequest(
      { method, path: url, headers, createConnection: () => socket },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    passed.on('error', () => request.socket.destroy())
    request.pipe(passed)
  } catch {
    request.socket.destroy()
  }
}
