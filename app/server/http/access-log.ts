import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { requestIdOf } from './request-id.ts'

/**
 * One line for each request: method, path, status, time, and the id that the client was given. No
 * query and no headers, as names of files, access codes and signatures are in them. Health checks
 * are left out unless they fail.
 */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const began = Date.now()
    const { method, originalUrl } = request
    response.on('close', () => {
      const status = response.statusCode
      if (originalUrl === '/healthz' && status < 500) return
      const line = {
        requestId: requestIdOf(response),
        req: { method, path: originalUrl.split('?', 1)[0] },
        res: { status },
        responseTime: Date.now() - began,
      }
      if (status >= 500) log.error(line, 'request failed')
      else log.info(line, response.writableFinished ? 'request completed' : 'request aborted')
    })
    next()
  }
}
