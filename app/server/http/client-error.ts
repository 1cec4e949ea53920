import { randomUUID } from 'node:crypto'
import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { RequestError } from './request-error.ts'

/**
 * Answers bytes that are no HTTP request, for which no handler is ever called, with the same JSON
 * as every other refusal, and closes the connection.
 *
 * @param answering Whether bytes of an answer are already out on that connection
 */
export function answerMalformedRequests(
  server: Server,
  answering: (socket: Socket) => boolean,
): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable || answering(socket)) {
      socket.destroy()
      return
    }
    socket.end(reply(refusalFor(error.code)), () => socket.destroy())
  })
}

function refusalFor(code: string | undefined): RequestError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new RequestError('RequestTimeout')
  if (code === 'HPE_HEADER_OVERFLOW') return new RequestError('HeadersTooLarge')
  return new RequestError('InvalidRequest')
}

function reply({ code, status, message }: RequestError): string {
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
