import type { NextFunction, RequestHandler } from 'express'

/** Combines handlers into one, as every layer of the router takes as long as most handlers do. */
export function compose(handlers: readonly RequestHandler[]): RequestHandler {
  return (request, response, next) => {
    let index = 0
    const step: NextFunction = (reason?: unknown) => {
      const handler = reason === undefined ? handlers[index] : undefined
      index += 1
      if (handler) void handler(request, response, step)
      else next(reason)
    }
    step()
  }
}
