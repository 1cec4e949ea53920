import type { RequestHandler } from 'express'

/**
 * CORS for pages that live elsewhere and sign here. No cookies are ever involved, so credentials
 * stay off.
 *
 * @param origins Allowed origins; `*` allows every one
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    if (!origins.includes('*')) response.setHeader('Vary', 'Origin')
    const { origin } = request.headers
    if (origin !== undefined && (origins.includes('*') || origins.includes(origin))) {
      response.set('Access-Control-Allow-Origin', origins.includes('*') ? '*' : origin)
      response.set('Access-Control-Expose-Headers', 'X-Request-Id')
      if (request.method === 'OPTIONS' && request.get('access-control-request-method')) {
        response.set('Access-Control-Allow-Methods', 'GET, HEAD')
        response.set('Access-Control-Allow-Headers', 'x-access-code')
        response.set('Access-Control-Max-Age', '600')
        response.status(204).end()
        return
      }
    }
    next()
  }
}
