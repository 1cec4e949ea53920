import type { Socket } from 'node:net'

/** A keep-alive connection that repeats one request. */
export class Connection {
  readonly #socket: Socket
  readonly #request: Buffer
  #resolve: ((status: number) => void) | undefined
  #reject: ((error: Error) => void) | undefined
  #pending: Buffer = Buffer.alloc(0)

  /** @param socket Connected to a server on this machine */
  constructor(socket: Socket, path: string) {
    this.#socket = socket
    this.#request = Buffer.from(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${socket.remotePort}\r\n\r\n`,
    )
    socket.setNoDelay(true)
    socket.on('data', (chunk) => this.#read(chunk))
    socket.on('error', (error) => this.#reject?.(error))
    socket.on('close', () => this.#reject?.(new Error('The server closed the connection')))
  }

  /** Sends the request and waits for the whole response. @returns Its status */
  send(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
      this.#socket.write(this.#request)
    })
  }

  close(): void {
    this.#reject = undefined
    this.#socket.destroy()
  }

  // Every response has a Content-Length, and there is one request at a time.
  #read(chunk: Buffer): void {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    const head = bytes.indexOf('\r\n\r\n')
    const length = head < 0 ? undefined : contentLength(bytes.toString('latin1', 0, head))
    if (length === undefined || bytes.length < head + 4 + length) {
      this.#pending = bytes
      return
    }
    this.#pending = Buffer.alloc(0)
    this.#resolve?.(Number(bytes.toString('latin1', 9, 12)))
  }
}

function contentLength(head: string): number {
  const found = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (!found) throw new Error(`A response without Content-Length: ${head}`)
  return Number(found[1])
}
