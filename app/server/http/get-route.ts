import type { IRouter, RequestHandler } from 'express'
import { methodNotAllowed } from './error-handler.ts'

const METHODS = 'GET, HEAD, OPTIONS'

/** A path that is only read: GET and HEAD go to the handler, every other method is refused. */
export function readable(router: IRouter, path: string, get: RequestHandler): void {
  router
    .route(path)
    .get(get)
    .options((_request, response) => {
      response.set('Allow', METHODS).status(204).end()
    })
    .all(methodNotAllowed(METHODS))
}
