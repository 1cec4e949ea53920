import type { RequestHandler } from 'express'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { RequestError } from './errors.ts'
import { isForwarded } from './forwarding-headers.ts'

/** Who may read the metrics: nobody, this machine, or everybody. */
export type MetricsAccess = 'off' | 'loopback' | 'open'

const MULTIPART_STEPS = ['initiate', 'parts', 'complete', 'list', 'abort'].map(
  (s) => `/multipart/${s}`,
)
const SIGNING = ['/signature', '/multipart', ...MULTIPART_STEPS]
const ROUTES = [...SIGNING, '/signatures', '/config.json', '/callback', '/healthz', '/metrics']
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST']

/** Counts requests and answers `GET /metrics` in Prometheus' text format. */
export class Metrics {
  readonly #registry = new Registry()
  readonly #requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from a request to the end of its response',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5],
    registers: [this.#registry],
  })
  readonly #signatures = new Counter({
    name: 'signatures_total',
    help: 'Signatures requested, by result: ok, or the code of the error',
    labelNames: ['result'],
    registers: [this.#registry],
  })
  readonly #callbacks = new Counter({
    name: 'callbacks_total',
    help: 'Callbacks received, by result: ok, or the code of the error',
    labelNames: ['result'],
    registers: [this.#registry],
  })

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** Counts requests; mount it before everything else. Labels have few values, whatever clients send. */
  readonly observe: RequestHandler = (request, response, next) => {
    const startedAt = performance.now()
    const route = ROUTES.includes(request.path) ? request.path : 'page'
    const method = METHODS.includes(request.method) ? request.method : 'other'
    response.on('close', () => {
      const seconds = (performance.now() - startedAt) / 1000
      this.#requests.observe({ method, route, status: response.statusCode }, seconds)
      const result = String(response.locals.errorCode ?? 'ok')
      if (SIGNING.includes(route) && method === 'GET') this.#signatures.inc({ result })
      if (route === '/signatures' && method === 'POST') {
        const results: readonly string[] = response.locals.results ?? [result]
        for (const each of results) this.#signatures.inc({ result: each })
      }
      if (route === '/callback' && method === 'POST') this.#callbacks.inc({ result })
    })
    next()
  }

  /**
   * Handles `GET /metrics`. Clients without access get 404. A request that a proxy forwards is not
   * local, even when the proxy runs on this machine.
   *
   * @param more Metrics of another part of the server
   */
  handler(access: MetricsAccess, more?: Registry): RequestHandler {
    return async (request, response) => {
      const isLocal =
        /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') &&
        !isForwarded(request.headers)
      if (access === 'off' || (access === 'loopback' && !isLocal))
        throw new RequestError('NotFound')
      response.set('Cache-Control', 'no-store')
      const text = await this.#registry.metrics()
      const rest = more ? `\n${await more.metrics()}` : ''
      response.type(this.#registry.contentType).send(text + rest)
    }
  }
}
