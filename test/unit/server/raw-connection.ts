import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** A connection on which bytes are sent as they are. */
export interface RawConnection {
  socket: Socket
  send(bytes: string): void
  /** Everything received once the other side has closed. */
  closed: Promise<string>
  /** Resolves once the text has been received. */
  received(text: string): Promise<void>
}

/** Opens a connection to a port of this machine. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1')
  let all = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    all += chunk
  })
  // A reset is a way to be closed, too.
  socket.on('error', () => {})
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(all)))
  await once(socket, 'connect')
  return {
    socket,
    send: (bytes) => void socket.write(bytes),
    closed,
    async received(text) {
      while (!all.includes(text)) await once(socket, 'data')
    },
  }
}

/** Status, headers in lower case and body of one answer. */
export function parseAnswer(text: string): {
  status: number
  headers: Record<string, string>
  body: string
} {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2)
  const [first = '', ...lines] = head.split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
  })
  return { status: Number(first.split(' ')[1]), headers: Object.fromEntries(headers), body }
}
