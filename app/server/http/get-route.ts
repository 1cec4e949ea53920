import type { IRouter, RequestHandler } from 'express'
import { methodNotAllowed } from './error-handler.ts'

const METHODS = 'GET, HEAD, OPTIONS'

/** Routes GET and HEAD of a path to a handler, and refuses every other method. */
export function getRoute(router: IRouter, path: string, handler: RequestHandler): void {
  router
    .route(path)
    .get(handler)
    .options((_request, response) => {
      response.set('Allow', METHODS).status(204).end()
    })
    .all(methodNotAllowed(METHODS))
}
