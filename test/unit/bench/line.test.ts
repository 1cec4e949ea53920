import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { Line, type LineOptions } from '../../bench/line/line.ts'

const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

/** Starts a server behind a line. */
async function behind(options: LineOptions, onSocket: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer({ allowHalfOpen: true }, onSocket)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const line = new Line(options)
  closing.push(
    () => line.close(),
    () => server.close(),
  )
  return line.open((server.address() as AddressInfo).port)
}

/** Echoes all bytes once the client has ended. */
async function echoAtEnd(socket: Socket): Promise<void> {
  socket.end(Buffer.concat(await socket.toArray()))
}

/** Sends bytes and returns what comes back, and the milliseconds until it has. */
async function exchange(port: number, data: Buffer): Promise<{ reply: Buffer; ms: number }> {
  const startMs = performance.now()
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.end(data)
  const reply = Buffer.concat(await socket.toArray())
  return { reply, ms: performance.now() - startMs }
}

describe('Line', () => {
  it('takes a round trip for the handshake and one for the exchange', async () => {
    const port = await behind({ roundTripMs: 60, bitsPerSecond: 1e9 }, echoAtEnd)
    const { reply, ms } = await exchange(port, Buffer.from('hello'))
    expect(reply.toString()).toBe('hello')
    expect(ms).toBeGreaterThanOrEqual(119)
    expect(ms).toBeLessThan(240)
  })

  it('passes a second request on without another handshake', async () => {
    const port = await behind({ roundTripMs: 60, bitsPerSecond: 1e9 }, (socket) =>
      socket.pipe(socket),
    )
    const socket = connect(port, '127.0.0.1')
    closing.push(() => socket.destroy())
    socket.write('one')
    await once(socket, 'data')
    const startMs = performance.now()
    socket.write('two')
    await once(socket, 'data')
    const ms = performance.now() - startMs
    expect(ms).toBeGreaterThanOrEqual(59)
    expect(ms).toBeLessThan(119)
  })

  it('shares its rate among connections and keeps the order of the bytes', async () => {
    const port = await behind({ roundTripMs: 10, bitsPerSecond: 16_000_000 }, echoAtEnd)
    const data = Buffer.from(Uint32Array.from({ length: 50_000 }, (_, n) => n).buffer)
    const startMs = performance.now()
    const replies = await Promise.all([exchange(port, data), exchange(port, data)])
    for (const { reply, ms } of replies) {
      expect(reply.equals(data)).toBe(true)
      // Its own 200,000 bytes at 2,000 a millisecond, if it has had the line for itself.
      expect(ms).toBeGreaterThan(100)
    }
    // 400,000 bytes, and the round trips.
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(219)
  })

  it('reads from a client no faster than the uplink sends', async () => {
    const port = await behind({ roundTripMs: 10, bitsPerSecond: 8_000_000 }, (socket) =>
      socket.resume(),
    )
    const socket = connect(port, '127.0.0.1')
    closing.push(() => socket.destroy())
    const data = Buffer.alloc(16 * 1024 ** 2)
    const written = new Promise<void>((resolve) => socket.write(data, () => resolve()))
    const first = await Promise.race([
      written.then(() => 'all written'),
      new Promise((resolve) => setTimeout(() => resolve('held back'), 500)),
    ])
    expect(first).toBe('held back')
  })

  it('ends the connection to the server when the client is gone', async () => {
    const ended = Promise.withResolvers<void>()
    const port = await behind({ roundTripMs: 2, bitsPerSecond: 1e9 }, (socket) => {
      socket
        .on('error', () => {})
        .on('end', ended.resolve)
        .resume()
      socket.write('ready')
    })
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'data')
    socket.resetAndDestroy()
    await ended.promise
  })
})
