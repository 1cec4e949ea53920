import { createServer } from 'node:http'
import { type AppOptions, createApp } from './create-app.ts'
import { HttpServer } from './http/http-server.ts'
import {
  type CertificateManager,
  createHttpsServer,
  httpsMetrics,
  httpsOrigin,
  redirectTarget,
  sendRedirect,
  setHttpsHeaders,
} from './https/index.ts'

export { ListenError } from '@oss-direct-upload/process/listen'

/** Https beside http. `startServer` starts the manager, `close` stops it. */
export interface ServerHttps {
  manager: CertificateManager
  /** 0 takes a free one. */
  port: number
}

export interface ServerOptions extends Omit<AppOptions, 'https'> {
  /** 0 takes a free one. */
  port: number
  /** Address to listen on. @default every address of the machine */
  host?: string
  /** @default http only */
  https?: ServerHttps
  /** Time that pending requests have after `close` is called. @default 10_000 */
  closeTimeoutMs?: number
}

export interface RunningServer {
  /** Port of http. */
  port: number
  /** Port of https. */
  httpsPort?: number
  /**
   * Closes the server: accepts no connections, closes idle ones at once, answers pending requests
   * with `Connection: close`, and cuts those that are left after `closeTimeoutMs`. Every call returns
   * the same promise.
   */
  close(): Promise<void>
}

/**
 * Creates the application and listens.
 *
 * @throws TypeError when an option cannot work
 * @throws ListenError when the port is taken, not permitted or not of this machine
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { https, ...appOptions } = options
  // For example, too many open files while accepting connections: the server keeps running.
  const report = options.report ?? ((error: unknown) => console.error(error))
  if (https === undefined) {
    const server = new HttpServer(createServer(TIMEOUTS), createApp(appOptions), report)
    const port = await server.listen(options.port, options.host)
    return { port, close: () => server.close(options.closeTimeoutMs) }
  }
  const { manager } = https
  let origin = ''
  const app = createApp({
    ...appOptions,
    https: {
      metrics: httpsMetrics(manager),
      status: () => manager.status,
      url: () => origin,
      reason: () => manager.reason,
    },
  })
  const secure = new HttpServer(
    createHttpsServer(manager, TIMEOUTS),
    (request, response) => {
      setHttpsHeaders(manager, response)
      app(request, response)
    },
    report,
  )
  const httpsPort = await secure.listen(https.port, options.host)
  origin = httpsOrigin(manager.name, httpsPort)
  const plain = new HttpServer(
    createServer(TIMEOUTS),
    (request, response) => {
      if (manager.challenges.handle(request, response)) return
      const target = manager.isServing ? redirectTarget(request.url ?? '', origin) : undefined
      if (target === undefined) app(request, response)
      else sendRedirect(request, response, target)
    },
    report,
  )
  const port = await plain.listen(options.port, options.host).catch(async (error: unknown) => {
    await secure.close(0)
    throw error
  })
  void manager.start()
  let closed: Promise<void> | undefined
  return {
    port,
    httpsPort,
    close() {
      void manager.stop()
      const servers = [plain, secure]
      closed ??= Promise.all(servers.map((s) => s.close(options.closeTimeoutMs))).then(() => {})
      return closed
    },
  }
}

const TIMEOUTS = {
  // No request takes long to send: the largest body is a callback of 64 KiB.
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  // Longer than load balancers keep theirs, so that none is closed while it is reused.
  keepAliveTimeout: 20_000,
}
