import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { FairQueue, Flow, type Sent } from './fair-queue.ts'

/** How often data is passed on; when it would arrive is calculated exactly. */
const TICK_MS = 1
/** Largest piece of one connection before another one has its turn. */
const PIECE_BYTES = 16 * 1024
/** What a connection may have waiting for the uplink, in time of the whole uplink. */
const BUFFER_MS = 20
const MIN_BUFFER_BYTES = 64 * 1024
/** What a server may leave unread before its connection stops. */
const RECEIVE_WINDOW_BYTES = 4 * 1024 ** 2

export interface LineOptions {
  roundTripMs: number
  /** Rate of the uplink. The downlink only delays. */
  bitsPerSecond: number
}

/** Data for a socket. */
interface Piece {
  to: Socket
  /** `undefined` at the end of the connection. */
  data: Buffer | undefined
}

/**
 * A long line in this process: a TCP proxy that delays both ways, whose connections share the rate of
 * one uplink, and whose handshake takes a round trip. It has no slow start and loses nothing.
 */
export class Line {
  readonly #delayMs: number
  readonly #bufferBytes: number
  readonly #uplink: FairQueue<Piece>
  /** What has been sent, in the order of its arrival. */
  readonly #upwards: Sent<Piece>[] = []
  readonly #downwards: Sent<Piece>[] = []
  readonly #servers: Server[] = []
  readonly #clients = new Map<Socket, Flow<Piece>>()
  #timer: NodeJS.Timeout | undefined

  constructor({ roundTripMs, bitsPerSecond }: LineOptions) {
    this.#delayMs = roundTripMs / 2
    this.#bufferBytes = Math.max(MIN_BUFFER_BYTES, (bitsPerSecond / 8000) * BUFFER_MS)
    this.#uplink = new FairQueue(bitsPerSecond)
  }

  /** Opens a port of 127.0.0.1 that leads to another one through the line. @returns The port */
  async open(port: number): Promise<number> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      this.#connect(client, port),
    )
    this.#servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }

  /** Closes all ports and connections. */
  close(): void {
    clearTimeout(this.#timer)
    for (const server of this.#servers) server.close()
    for (const client of this.#clients.keys()) client.destroy()
  }

  #connect(client: Socket, port: number): void {
    const connectedMs = performance.now() + 2 * this.#delayMs
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true })
    const flow = new Flow<Piece>(() => server.writableLength > RECEIVE_WINDOW_BYTES)
    this.#clients.set(client, flow)
    this.#uplink.add(flow)
    const sendUp = (data: Buffer | undefined): void => {
      const readyMs = Math.max(performance.now(), connectedMs)
      flow.push({ to: server, data }, data?.length ?? 0, readyMs)
      if (flow.waitingBytes >= this.#bufferBytes) client.pause()
      this.#schedule()
    }
    const sendDown = (data: Buffer | undefined): void => {
      this.#downwards.push({ item: { to: client, data }, sentMs: performance.now() })
      this.#schedule()
    }
    client.on('data', (data) => {
      for (let at = 0; at < data.length; at += PIECE_BYTES) {
        sendUp(data.subarray(at, at + PIECE_BYTES))
      }
    })
    client.on('end', () => sendUp(undefined))
    server.on('data', sendDown)
    server.on('end', () => sendDown(undefined))
    server.on('error', () => client.destroy())
    client.on('error', () => server.destroy())
    // A server that has ended closes while its last data is still on the way.
    client.on('close', () => {
      server.destroy()
      this.#clients.delete(client)
      this.#uplink.remove(flow)
    })
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#passOn()
    }, TICK_MS)
  }

  #passOn(): void {
    const nowMs = performance.now()
    this.#upwards.push(...this.#uplink.send(nowMs))
    for (const [client, flow] of this.#clients) {
      if (client.isPaused() && flow.waitingBytes < this.#bufferBytes) client.resume()
    }
    for (const sent of [this.#upwards, this.#downwards]) {
      const later = sent.findIndex(({ sentMs }) => sentMs + this.#delayMs > nowMs)
      const arrived = sent.splice(0, later < 0 ? sent.length : later)
      for (const { item } of arrived) write(item)
    }
    const isIdle = this.#upwards.length + this.#downwards.length === 0
    const isEmpty = [...this.#clients.values()].every(({ waiting }) => waiting.length === 0)
    if (!isIdle || !isEmpty) this.#schedule()
  }
}

function write({ to, data }: Piece): void {
  if (to.destroyed) return
  if (data === undefined) to.end()
  else to.write(data)
}
