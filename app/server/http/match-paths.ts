import type { RequestHandler } from 'express'

/**
 * Calls a handler for some paths and everything below them, ignoring case, as `app.use(paths, …)`
 * does, but without a layer of the router.
 *
 * @param paths In lower case, without a slash at their end
 */
export function matchPaths(paths: readonly string[], handler: RequestHandler): RequestHandler {
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
