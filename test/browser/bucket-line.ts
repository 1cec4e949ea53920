import { connect, createServer, type Server, type Socket } from 'node:net'
import { listen } from './demo.ts'

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
  close(): Promise<void>
}

/** Opens a line on a free port. @param bucketPort Where it leads */
export async function openLine(bucketPort: number): Promise<BucketLine> {
  const pairs = new Set<[Socket, Socket]>()
  const events: { at: number; happen: () => void }[] = []
  let sent = 0
  let isHeld = false
  const server: Server = createServer((browser) => {
    const bucket = connect(bucketPort, '127.0.0.1')
    const pair: [Socket, Socket] = [browser, bucket]
    pairs.add(pair)
    const end = (): void => {
      browser.destroy()
      bucket.destroy()
      pairs.delete(pair)
    }
    for (const socket of pair) {
      socket.on('error', end)
      socket.on('close', end)
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
    for (const [browser] of pairs) browser.resetAndDestroy()
  }
  return {
    port,
    get sent() {
      return sent
    },
    cutAt: (bytes) => at(bytes, cut),
    holdAt: (bytes) =>
      at(bytes, () => {
        isHeld = true
        for (const [browser] of pairs) browser.pause()
      }),
    release() {
      isHeld = false
      for (const [browser] of pairs) browser.resume()
    },
    async close() {
      cut()
      await new Promise((done) => server.close(done))
    },
  }
}
