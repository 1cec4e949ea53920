import type { NextFunction, RequestHandler } from 'express'

/** Several handlers as one, so that a router has one to find instead of several. */
export function inTurn(handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let at = 0
    const step: NextFunction = (reason?: unknown) => {
      const handler = reason === undefined ? handlers[at] : undefined
      at += 1
      if (handler) void handler(request, response, step)
      else next(reason)
    }
    step()
  }
}
