import { DEFAULTS } from '@oss-direct-upload/contract'
import compression from 'compression'
import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { clientConfig } from './config-endpoint.ts'
import { accessKeyUse } from './credentials/access-key-use.ts'
import { accessLog } from './http/access-log.ts'
import { allowedHosts } from './http/allowed-hosts.ts'
import { compose } from './http/compose.ts'
import { cors } from './http/cors.ts'
import { errorHandler, notFound } from './http/error-handler.ts'
import { warnOfUntrustedProxy } from './http/forwarding-headers.ts'
import { getRoute } from './http/get-route.ts'
import { matchPaths } from './http/match-paths.ts'
import { Metrics, type MetricsAccess } from './http/metrics.ts'
import { requestId } from './http/request-id.ts'
import { securityHeaders } from './http/security-headers.ts'
import { type AppHttps, httpsConfigHandler } from './https/index.ts'
import { RateLimit } from './limits/rate-limit.ts'
import { resolveOptions } from './resolve-options.ts'
import type { SigningOptions } from './signing-options.ts'
import { addSigningRoutes } from './signing-router.ts'

export interface AppOptions {
  signing: SigningOptions
  /** Folder of the built page. @default no page is served */
  clientDir?: string
  /**
   * Origins of pages on other sites that may request signatures, with one `*` each at most, or `*`.
   *
   * @default none
   */
  corsOrigins?: readonly string[]
  /** Hosts that requests may be for, without port; others get 421. @default every host */
  allowedHosts?: readonly string[]
  /** Files that one client may have signed a minute, and at once after a pause. @default 12,000 */
  signaturesPerMinute?: number
  /** Number of proxies in front whose X-Forwarded-For entries are trusted. @default 0 */
  trustedProxies?: number
  /** Who may read `GET /metrics`. @default 'loopback' */
  metrics?: MetricsAccess
  /** Name of the release, reported by `GET /healthz`. @default none */
  release?: string
  /** Name of this process among those of the release, reported by `GET /healthz`. @default none */
  instance?: string
  /** State of https, for health, metrics and the page. @default http only */
  https?: AppHttps
  /** Logs a line for every request. @default no log */
  log?: Logger
  /** Called for every failure of the server itself. @default the log, else console.error */
  report?: (error: unknown, requestId: string) => void
}

const SIGNING_PATHS = ['/signature', '/signatures', '/multipart']

/** Creates the whole application: signing, the page, health, metrics, security headers and limits. */
export function createApp(options: AppOptions): Express {
  const { log, corsOrigins = [], signaturesPerMinute = DEFAULTS.signaturesPerMinute } = options
  const { trustedProxies = 0, release, instance, https, clientDir } = options
  const report = options.report ?? defaultReport(log)
  const rateLimit = new RateLimit(signaturesPerMinute)
  const resolved = resolveOptions({ report, ...options.signing })
  const keyUse = accessKeyUse(options.signing, resolved.now, log)
  const signing = { ...resolved, rateLimit, keyUse }
  const metrics = new Metrics()
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustedProxies)
  app.set('query parser', 'simple')
  app.use(
    compose([
      requestId,
      metrics.observe,
      ...(log ? [accessLog(log)] : []),
      ...(log && trustedProxies === 0 ? [warnOfUntrustedProxy(log)] : []),
      securityHeaders(signing.uploadHost),
      ...(options.allowedHosts ? [allowedHosts(options.allowedHosts)] : []),
      matchPaths([...SIGNING_PATHS, '/config.json'], cors(corsOrigins)),
      matchPaths(SIGNING_PATHS, rateLimit.handler),
    ]),
  )
  if (https) getRoute(app, '/config.json', httpsConfigHandler(clientConfig(signing), https))
  addSigningRoutes(app, signing)
  getRoute(app, '/healthz', (_request, response) => {
    const accessKey = keyUse?.status()
    const health = { status: 'ok', release, instance, accessKey, https: https?.status() }
    response.set('Cache-Control', 'no-store').json(health)
  })
  getRoute(app, '/metrics', metrics.handler(options.metrics ?? 'loopback', https?.metrics))
  if (clientDir !== undefined) {
    app.use(compression())
    getRoute(app, '/', express.static(clientDir))
    app.use(express.static(clientDir, { dotfiles: 'deny' }))
  }
  app.use(notFound)
  app.use(errorHandler(report))
  return app
}

function defaultReport(log: Logger | undefined): (error: unknown, requestId: string) => void {
  if (log === undefined) return (error, requestId) => console.error(requestId, error)
  return (err, requestId) => log.error({ err, requestId }, 'failed')
}
