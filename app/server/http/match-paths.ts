import type { RequestHandler } from 'express'

/**
 * A handler for some paths and those below them, in letters of any case, as `app.use(paths, …)` has
 * it: but without a layer of the router, which costs more than most handlers do.
 *
 * @param paths In lower case, without a slash at their ends
 */
export function belowPaths(paths: readonly string[], handler: RequestHandler): RequestHandler {
  const folders = paths.map((path) => `${path}/`)
  return (request, response, next) => {
    const path = request.path.toLowerCase()
    if (paths.includes(path) || folders.some((folder) => path.startsWith(folder))) {
      void handler(request, response, next)
    } else {
      next()
    }
  }
}
