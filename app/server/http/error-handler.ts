import type { ErrorRequestHandler, RequestHandler } from 'express'
import { RequestError } from './request-error.ts'
import { requestIdOf } from './request-id.ts'

/** Answers 405 with `Allow` to every method that the route has no handler for. */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed)
    throw new RequestError('MethodNotAllowed')
  }
}

/** Answers 404 to every path that nothing else has answered. */
export const notFound: RequestHandler = () => {
  throw new RequestError('NotFound')
}

/**
 * Turns whatever was thrown into `{ code, message, requestId }`; what is not meant for the client
 * goes to `report` and nowhere else.
 */
export function errorReply(
  report: (error: unknown, requestId: string) => void,
): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const requestId = requestIdOf(response)
    if (response.headersSent) {
      next(error)
      return
    }
    const refusal = asRequestError(error)
    if (refusal.status >= 500) report(error, requestId)
    response.locals.refusal = refusal.code
    response.set('Cache-Control', 'no-store')
    response
      .status(refusal.status)
      .json({ code: refusal.code, message: refusal.message, requestId })
  }
}

function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  // Express and its body parsers throw errors that carry the status they stand for.
  const status = error instanceof Error && 'status' in error ? error.status : 500
  if (status === 413) return new RequestError('RequestTooLarge')
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new RequestError('InvalidRequest')
  }
  return new RequestError('InternalError')
}
