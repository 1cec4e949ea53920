import type { ErrorRequestHandler, RequestHandler } from 'express'
import { RequestError } from './errors.ts'
import { requestIdOf } from './request-id.ts'

/** Answers 405 with `Allow` to methods that a route has no handler for. */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (_request, response) => {
    response.set('Allow', allowed)
    throw new RequestError('MethodNotAllowed')
  }
}

/** Answers 404 to paths that nothing else has answered. */
export const notFound: RequestHandler = () => {
  throw new RequestError('NotFound')
}

/**
 * Answers every error with `{ code, message, requestId }`. The details of errors that are not meant
 * for the client go to `report` only.
 */
export function errorHandler(
  report: (error: unknown, requestId: string) => void,
): ErrorRequestHandler {
  return (error, _request, response, next) => {
    const requestId = requestIdOf(response)
    if (response.headersSent) {
      next(error)
      return
    }
    const { code, status, message, retryAfterSeconds } = asRequestError(error)
    if (status >= 500) report(error, requestId)
    response.locals.errorCode = code
    response.set('Cache-Control', 'no-store')
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds))
    response.status(status).json({ code, message, requestId })
  }
}

/** Returns the error to answer: itself, or one that hides the details. */
export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error
  // Express and its body parsers throw errors that carry their HTTP status.
  const status = error instanceof Error && 'status' in error ? error.status : 500
  if (status === 413) return new RequestError('RequestTooLarge')
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new RequestError('InvalidRequest')
  }
  return new RequestError('InternalError')
}
