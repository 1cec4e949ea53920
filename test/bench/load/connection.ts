import type { Socket } from 'node:net'

/** One kept-alive connection that sends the same request again and again. */
export class Connection {
  readonly #socket: Socket
  readonly #request: Buffer
  #waiting: ((status: number) => void) | undefined
  #failed: ((error: Error) => void) | undefined
  #pending: Buffer = Buffer.alloc(0)

  /** @param socket Open, to a server of this machine */
  constructor(socket: Socket, path: string) {
    this.#socket = socket
    this.#request = Buffer.from(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${socket.remotePort}\r\n\r\n`,
    )
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#failed?.(error))
    socket.on('close', () => this.#failed?.(new Error('The server closed the connection')))
  }

  /** Sends the request and waits for the whole answer. @returns its status */
  send(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting = resolve
      this.#failed = reject
      this.#socket.write(this.#request)
    })
  }

  close(): void {
    this.#failed = undefined
    this.#socket.destroy()
  }

  // Every answer has a Content-Length; more than one is never under way.
  #read(chunk: Buffer): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const head = bytes.indexOf('\r\n\r\n')
    const length = head < 0 ? undefined : contentLength(bytes.toString('latin1', 0, head))
    if (length === undefined || bytes.length < head + 4 + length) {
      this.#pending = bytes
      return
    }
    this.#pending = Buffer.alloc(0)
    this.#waiting?.(Number(bytes.toString('latin1', 9, 12)))
  }
}

function contentLength(head: string): number {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (!found) throw new Error(`An answer without Content-Length: ${head}`)
  return Number(found[1])
}
