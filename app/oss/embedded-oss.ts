import { createServer } from 'node:http'
import { isIPv6 } from 'node:net'
import { GracefulShutdown } from '@oss-direct-upload/process/graceful-shutdown'
import { listen } from '@oss-direct-upload/process/listen'
import { type Oss, type OssOptions, openOss } from './open-oss.ts'
import { lockFolder } from './store/folder-lock.ts'
import type { ObjectStore } from './store/object-store.ts'
import { sweepUploads } from './store/upload-sweeper.ts'

/** Options of an embedded OSS. */
export interface EmbeddedOssOptions extends OssOptions {
  /** @default 0, a free one */
  port?: number
  /** Address to listen on. @default '127.0.0.1' */
  host?: string
  /** Bucket that is also reached by the address that the server listens on. @default none */
  bucketOfAddress?: string
  /** Silence after which a connection is closed. @default 60_000 */
  idleMs?: number
  /** Age at which an unfinished multipart upload is removed. @default 7 */
  unfinishedDays?: number
  /** Time that requests in progress have once `close` is called. @default 10_000 */
  closeWithinMs?: number
}

/** A running embedded OSS. */
export interface EmbeddedOss {
  port: number
  /** Returns `http://BUCKET.localhost:PORT`. Browsers resolve that name to the loopback address. */
  origin(bucket: string): string
  store: ObjectStore
  /** PEM of the key that verifies callbacks. */
  callbackPublicKey: string
  /**
   * Stops the server: closes idle connections, waits for requests in progress, and closes stuck ones,
   * which leave nothing behind. Every call returns the same promise.
   */
  close(): Promise<void>
}

/**
 * Serves a folder as OSS does. Takes the port before it touches the folder, so that a second start on
 * the same port does not disturb the first.
 *
 * @throws ListenError when the port cannot be listened on
 * @throws FolderInUseError when another process serves the folder
 * @throws the system's error when the folder cannot be used
 */
export async function startEmbeddedOss(options: EmbeddedOssOptions): Promise<EmbeddedOss> {
  const { dir, host = '127.0.0.1', now = () => new Date(), onFailure = console.error } = options
  const opening = Promise.withResolvers<Oss>()
  // A failure is thrown below, whether or not a request waits for it.
  opening.promise.catch(() => {})
  const answers = new Set<Promise<void>>()
  const server = createServer()
  const shutdown = new GracefulShutdown(server)
  server.on('request', (request, response) => {
    shutdown.track(response)
    const answer = opening.promise.then(
      (oss) => oss.handle(request, response),
      () => void response.destroy(),
    )
    answers.add(answer)
    void answer.finally(() => answers.delete(answer))
  })
  // An upload may take any time, as long as bytes arrive.
  server.requestTimeout = 0
  server.timeout = options.idleMs ?? 60_000
  const port = await listen(server, options.port ?? 0, host)
  let unlock = async (): Promise<void> => {}
  let stopSweeping = (): void => {}
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    stopSweeping()
    closed ??= shutdown
      .close(options.closeWithinMs ?? 10_000)
      .then(() => Promise.all(answers))
      .then(() => unlock())
    return closed
  }
  try {
    unlock = await lockFolder(dir)
    const oss = await openOss(options)
    stopSweeping = await sweepUploads(oss.store, options.unfinishedDays ?? 7, now, onFailure)
    if (options.bucketOfAddress !== undefined) {
      oss.bindDomain(addressName(host), options.bucketOfAddress)
    }
    opening.resolve(oss)
    const { store, callbackPublicKey } = oss
    const origin = (bucket: string): string => `http://${bucket}.localhost:${port}`
    return { port, origin, store, callbackPublicKey, close }
  } catch (error) {
    opening.reject(error)
    await close()
    throw error
  }
}

// The host of requests to the address. Their port may be another one, mapped to that of the server.
function addressName(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '*'
  return isIPv6(host) ? `[${host}]` : host
}
