import type { RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'

/**
 * One line for each request: method, path, status, time, and the id that the client was given. No
 * query and no headers, as names of files, access codes and signatures are in them. Health checks
 * are left out unless they fail.
 */
export function requestLog(log: Logger): RequestHandler {
  return pinoHttp({
    logger: log,
    quietReqLogger: true,
    genReqId: (_request, response) => String(response.getHeader('X-Request-Id')),
    autoLogging: { ignore: (request) => request.url === '/healthz' },
    customLogLevel: (_request, response, error) =>
      error || response.statusCode >= 500 ? 'error' : 'info',
    customAttributeKeys: { reqId: 'requestId' },
    wrapSerializers: false,
    serializers: {
      req: (request: { method: string; originalUrl?: string; url: string }) => ({
        method: request.method,
        path: (request.originalUrl ?? request.url).split('?', 1)[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
      err: (error: Error) => ({ message: error.message }),
    },
  })
}
