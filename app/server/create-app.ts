import compression from 'compression'
import express, { type Express } from 'express'
import type { Logger } from 'pino'
import { DEFAULTS } from '../contract/index.ts'
import { requestLog } from './http/access-log.ts'
import { inTurn } from './http/compose.ts'
import { crossOrigin } from './http/cors.ts'
import { errorReply, notFound } from './http/error-handler.ts'
import { readable } from './http/get-route.ts'
import { belowPaths } from './http/match-paths.ts'
import { Metrics, type MetricsAccess } from './http/metrics.ts'
import { signatureLimit } from './http/rate-limit.ts'
import { requestId } from './http/request-id.ts'
import { securityHeaders } from './http/security-headers.ts'
import { type AppHttps, httpsConfigHandler } from './https/index.ts'
import type { SigningOptions } from './signing-options.ts'
import { signingRouter } from './signing-router.ts'

export interface AppOptions {
  signing: SigningOptions
  /** Folder of the built page. @default no page is served */
  clientDir?: string
  /** Origins of pages that may ask for signatures from elsewhere. @default none */
  corsOrigins?: readonly string[]
  /** Signatures a minute for one client address. @default 120 */
  signaturesPerMinute?: number
  /** How many proxies in front to believe about the client's address. @default 0 */
  trustedProxies?: number
  /** Who may read `GET /metrics`. @default 'loopback' */
  metrics?: MetricsAccess
  /** Names what runs here, at `GET /healthz`. @default no name */
  release?: string
  /** Tells this process from others of the release, at `GET /healthz`. @default no name */
  instance?: string
  /** How https stands, for health, metrics and the page. @default http only */
  https?: AppHttps
  /** Gets a line for every request. @default no log */
  log?: Logger
  /** Told of every failure that is not the client's. @default the log, else console.error */
  report?: (error: unknown, requestId: string) => void
}

/** Paths that sign. */
const SIGNING = ['/signature', '/multipart']

/** The whole application: signing, the page, health, security headers, limits. */
export function createApp(options: AppOptions): Express {
  const { log, trustedProxies = 0 } = options
  const toLog =
    log && ((err: unknown, requestId: string) => log.error({ err, requestId }, 'failed'))
  const report = options.report ?? toLog ?? ((error, id) => console.error(id, error))
  const metrics = new Metrics()
  const health = {
    status: 'ok',
    ...(options.release === undefined ? {} : { release: options.release }),
    ...(options.instance === undefined ? {} : { instance: options.instance }),
  }
  const app = express()
  app.disable('x-powered-by')
  app.set('trust proxy', trustedProxies)
  app.set('query parser', 'simple')
  app.use(
    inTurn([
      requestId,
      metrics.observe,
      ...(log ? [requestLog(log)] : []),
      securityHeaders(new URL(options.signing.uploadHost).origin),
      belowPaths([...SIGNING, '/config.json'], crossOrigin(options.corsOrigins ?? [])),
      belowPaths(
        SIGNING,
        signatureLimit(
          options.signaturesPerMinute ?? DEFAULTS.signaturesPerMinute,
          trustedProxies > 0,
        ),
      ),
    ]),
  )
  const { https } = options
  if (https) readable(app, '/config.json', httpsConfigHandler(options.signing, https))
  app.use(signingRouter({ report, ...options.signing }))
  readable(app, '/healthz', (_request, response) => {
    const told = https ? { ...health, https: https.status() } : health
    response.set('Cache-Control', 'no-store').json(told)
  })
  readable(app, '/metrics', metrics.answer(options.metrics ?? 'loopback', https?.metrics))
  if (options.clientDir !== undefined) {
    app.use(compression())
    readable(app, '/', express.static(options.clientDir))
    app.use(express.static(options.clientDir, { dotfiles: 'deny' }))
  }
  app.use(notFound)
  app.use(errorReply(report))
  return app
}
