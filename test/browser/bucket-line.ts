import { connect, createServer, type Server, type Socket } from 'node:net'
import { listen } from './demo.ts'

/** How a connection ended: cut here, left by the browser, or closed by the bucket. */
export interface Ending {
  by: 'line' | 'browser' | 'bucket'
  /** On the clock of `performance`. */
  at: number
}

/** A connection of the browser's, and the one to the bucket that goes on from it. */
interface Pair {
  browser: Socket
  bucket: Socket
  /** As the bucket sees it. */
  port: number
}

/** The line between browser and bucket: what goes over it is counted, and it can be cut or held. */
export interface BucketLine {
  port: number
  /** Bytes that went to the bucket. */
  readonly sent: number
  /** Cuts every connection once so many bytes have gone to the bucket. */
  cutAt(bytes: number): Promise<void>
  /** Lets no more through once so many bytes have gone to the bucket; `release` lets go. */
  holdAt(bytes: number): Promise<void>
  release(): void
  /** The connections that have ended, by their ports as the bucket sees them. */
  readonly ended: ReadonlyMap<number, Ending>
  close(): Promise<void>
}

/** Opens a line on a free port. @param bucketPort Where it leads */
export async function openLine(bucketPort: number): Promise<BucketLine> {
  const pairs = new Set<Pair>()
  const ended = new Map<number, Ending>()
  const events: { at: number; happen: () => void }[] = []
  let sent = 0
  let isHeld = false
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
    browser.on('data', (bytes) => {
      sent += bytes.length
      if (!bucket.write(bytes)) browser.pause()
      while (events[0] && events[0].at <= sent) events.shift()?.happen()
      if (isHeld) browser.pause()
    })
    bucket.on('drain', () => {
      if (!isHeld) browser.resume()
    })
    if (isHeld) browser.pause()
  })
  const port = await listen(server as never)
  const at = (bytes: number, happen: () => void): Promise<void> =>
    new Promise((resolve) => {
      events.push({
        at: bytes,
        happen: () => {
          happen()
          resolve()
        },
      })
      events.sort((a, b) => a.at - b.at)
    })
  const cut = (): void => {
    for (const { browser, port } of pairs) {
      ended.set(port, { by: 'line', at: performance.now() })
      browser.resetAndDestroy()
    }
  }
  return {
    port,
    ended,
    get sent() {
      return sent
    },
    cutAt: (bytes) => at(bytes, cut),
    holdAt: (bytes) =>
      at(bytes, () => {
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
