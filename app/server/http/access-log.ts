import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { requestIdOf } from './request-id.ts'

/**
 * Logs one line for each request: method, path, status, time and request id. Queries and headers are
 * left out, as they contain file names, access codes and signatures; so are health checks that
 * succeed.
 */
export function accessLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = Date.now()
    const { method, originalUrl } = request
    response.on('close', () => {
      const status = response.statusCode
      if (originalUrl === '/healthz' && status < 500) return
      const line = {
        requestId: requestIdOf(response),
        req: { method, path: originalUrl.split('?', 1)[0] },
        res: { status },
        responseTime: Date.now() - startedAt,
      }
      if (status >= 500) log.error(line, 'request failed')
      else log.info(line, response.writableFinished ? 'request completed' : 'request aborted')
    })
    next()
  }
}
