import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { Link } from './link.ts'

/** How often data is passed on; when it arrives is calculated exactly. */
const TICK_MS = 1
/** Largest piece of data that arrives as one. */
const PIECE_BYTES = 16 * 1024
/** What a connection may have waiting for the uplink: a common window of TCP, or 20 ms of the line. */
const MIN_BUFFER_BYTES = 256 * 1024
const BUFFER_MS = 20
/** What a server may leave unread before its connection stops. */
const RECEIVE_WINDOW_BYTES = 4 * 1024 ** 2

export interface LineOptions {
  roundTripMs: number
  /** Rate of the uplink. The downlink only delays. */
  bitsPerSecond: number
}

interface Connection {
  client: Socket
  server: Socket
  /** Bytes that wait for the uplink. */
  waitingBytes: number
}

/** A part of what a connection sends; without data, its end. */
interface Piece {
  connection: Connection
  data: Buffer | undefined
}

/**
 * A long line in this process: a TCP proxy that delays both ways, whose connections share the rate of
 * one uplink, and whose handshake takes a round trip. It has no slow start and loses nothing.
 */
export class Line {
  readonly #roundTripMs: number
  readonly #bufferBytes: number
  readonly #uplink: Link<Piece>
  readonly #downlink: Link<Piece>
  readonly #ports: Server[] = []
  readonly #connections = new Set<Connection>()
  #timer: NodeJS.Timeout | undefined

  constructor({ roundTripMs, bitsPerSecond }: LineOptions) {
    this.#roundTripMs = roundTripMs
    this.#bufferBytes = Math.max(MIN_BUFFER_BYTES, (bitsPerSecond / 8000) * BUFFER_MS)
    this.#uplink = new Link(bitsPerSecond, roundTripMs / 2)
    this.#downlink = new Link(Number.POSITIVE_INFINITY, roundTripMs / 2)
  }

  /** Opens a port of 127.0.0.1 that leads to another one through the line. @returns The port */
  async open(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      this.#connect(client, port),
    )
    this.#ports.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  /** Closes all ports and connections. */
  close(): void {
    clearTimeout(this.#timer)
    for (const port of this.#ports) port.close()
    for (const { client } of this.#connections) client.destroy()
  }

  #connect(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const connection: Connection = { client, server, waitingBytes: 0 }
    this.#connections.add(connection)
    server.on('data', (data) => this.#pushDown(connection, data))
    server.on('end', () => this.#pushDown(connection, undefined))
    server.on('error', () => client.destroy())
    client.on('error', () => server.destroy())
    // A server that has ended closes while its last data is still on the way.
    client.on('close', () => {
      server.destroy()
      this.#connections.delete(connection)
    })
    // The handshake.
    setTimeout(() => {
      client.on('data', (data) => this.#pushUp(connection, data))
      client.on('end', () => this.#pushUp(connection, undefined))
    }, this.#roundTripMs)
  }

  #pushUp(connection: Connection, data: Buffer | undefined): void {
    const nowMs = performance.now()
    const bytes = data?.length ?? 0
    if (data === undefined) this.#uplink.push({ connection, data }, 0, nowMs)
    for (let at = 0; at < bytes; at += PIECE_BYTES) {
      const piece = data?.subarray(at, at + PIECE_BYTES)
      this.#uplink.push({ connection, data: piece }, piece?.length ?? 0, nowMs)
    }
    connection.waitingBytes += bytes
    if (this.#isFull(connection)) connection.client.pause()
    this.#schedule()
  }

  #pushDown(connection: Connection, data: Buffer | undefined): void {
    this.#downlink.push({ connection, data }, data?.length ?? 0, performance.now())
    this.#schedule()
  }

  #isFull({ waitingBytes, server }: Connection): boolean {
    return waitingBytes >= this.#bufferBytes || server.writableLength >= RECEIVE_WINDOW_BYTES
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#passOn()
    }, TICK_MS)
  }

  #passOn(): void {
    const nowMs = performance.now()
    const { sent, arrived } = this.#uplink.advance(nowMs)
    for (const { item, bytes } of sent) item.connection.waitingBytes -= bytes
    for (const { connection, data } of arrived) write(connection.server, data)
    for (const { connection, data } of this.#downlink.advance(nowMs).arrived) {
      write(connection.client, data)
    }
    let isHeldBack = false
    for (const connection of this.#connections) {
      if (!connection.client.isPaused()) continue
      if (this.#isFull(connection)) isHeldBack = true
      else connection.client.resume()
    }
    if (isHeldBack || !this.#uplink.isEmpty || !this.#downlink.isEmpty) this.#schedule()
  }
}

function write(to: Socket, data: Buffer | undefined): void {
  if (to.destroyed) return
  if (data === undefined) to.end()
  else to.write(data)
}
