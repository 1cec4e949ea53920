import { connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { listen } from './listen.ts'

/** How a connection ended: cut by the proxy, or closed by the browser or the bucket. */
export interface Ending {
  by: 'proxy' | 'browser' | 'bucket'
  /** On the clock of `performance`. */
  at: number
}

/** A connection from the browser and the one that continues it to the bucket. */
interface Pair {
  browser: Socket
  bucket: Socket
  /** Port of the connection to the bucket. */
  port: number
}

/** A TCP proxy between browser and bucket that counts bytes, cuts connections and holds them. */
export interface BucketProxy {
  port: number
  /** Bytes that went to the bucket. */
  readonly sent: number
  /** Resets all connections once a number of bytes have gone to the bucket. */
  cutAt(bytes: number): Promise<void>
  /** Stops all connections once a number of bytes have gone to the bucket, until `release`. */
  holdAt(bytes: number): Promise<void>
  release(): void
  /** Limits what goes to the bucket over all connections. */
  limitRate(bytesPerSecond: number): void
  /** The connections that have ended, by the port of the connection to the bucket. */
  readonly ended: ReadonlyMap<number, Ending>
  close(): Promise<void>
}

/** Starts a proxy on a free port. */
export async function startBucketProxy(bucketPort: number): Promise<BucketProxy> {
  const pairs = new Set<Pair>()
  const ended = new Map<number, Ending>()
  const events: { at: number; run: () => void }[] = []
  let sent = 0
  let isHeld = false
  let bytesPerSecond = Number.POSITIVE_INFINITY
  /** When the line is free again, on the clock of `performance`. */
  let freeAtMs = 0
  const server: Server = createServer((browser) => {
    const bucket = connect(bucketPort, '127.0.0.1')
    const pair: Pair = { browser, bucket, port: 0 }
    pairs.add(pair)
    bucket.once('connect', () => {
      pair.port = bucket.localPort ?? 0
    })
    const end = (by: Ending['by']): void => {
      if (!ended.has(pair.port)) ended.set(pair.port, { by, at: performance.now() })
      browser.destroy()
      bucket.destroy()
      pairs.delete(pair)
    }
    for (const event of ['error', 'close']) {
      browser.on(event, () => end('browser'))
      bucket.on(event, () => end('bucket'))
    }
    bucket.on('data', (bytes) => browser.write(bytes))
    browser.on('data', async (bytes) => {
      if (bytesPerSecond < Number.POSITIVE_INFINITY) {
        browser.pause()
        const nowMs = performance.now()
        freeAtMs = Math.max(freeAtMs, nowMs) + (bytes.length / bytesPerSecond) * 1000
        await sleep(freeAtMs - nowMs)
        browser.resume()
      }
      sent += bytes.length
      if (!bucket.write(bytes)) browser.pause()
      while (events[0] && events[0].at <= sent) events.shift()?.run()
      if (isHeld) browser.pause()
    })
    bucket.on('drain', () => {
      if (!isHeld) browser.resume()
    })
    if (isHeld) browser.pause()
  })
  const port = await listen(server as never)
  const runAt = (bytes: number, action: () => void): Promise<void> =>
    new Promise((resolve) => {
      const run = (): void => {
        action()
        resolve()
      }
      events.push({ at: bytes, run })
      events.sort((a, b) => a.at - b.at)
    })
  const cut = (): void => {
    for (const { browser, port } of pairs) {
      ended.set(port, { by: 'proxy', at: performance.now() })
      browser.resetAndDestroy()
    }
  }
  return {
    port,
    ended,
    limitRate(rate) {
      bytesPerSecond = rate
      freeAtMs = 0
    },
    get sent() {
      return sent
    },
    cutAt: (bytes) => runAt(bytes, cut),
    holdAt: (bytes) =>
      runAt(bytes, () => {
        isHeld = true
        for (const { browser } of pairs) browser.pause()
      }),
    release() {
      isHeld = false
      for (const { browser } of pairs) browser.resume()
    },
    async close() {
      cut()
      await new Promise((done) => server.close(done))
    },
  }
}
