import { randomUUID } from 'node:crypto'
import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { RequestError } from './errors.ts'

/**
 * Answers bytes that are no HTTP request, which no handler ever sees, with the same JSON as every
 * other error, and closes the connection.
 *
 * @param isResponding Whether part of a response has been sent on a connection
 */
export function answerMalformedRequests(
  server: Server,
  isResponding: (socket: Socket) => boolean,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isResponding(socket)) {
      socket.destroy()
      return
    }
    socket.end(responseText(errorOf(error.code)), () => socket.destroy())
  })
}

function errorOf(code: string | undefined): RequestError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestError('RequestTimeout')
  if (code === 'HPE_HEADER_OVERFLOW') return new RequestError('HeadersTooLarge')
  return new RequestError('InvalidRequest')
}

function responseText({ code, status, message }: RequestError): string {
  const requestId = randomUUID()
  const body = JSON.stringify({ code, message, requestId })
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    `Date: ${new Date().toUTCString()}`,
    'Connection: close',
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    `X-Request-Id: ${requestId}`,
    '',
    body,
  ].join('\r\n')
}
