import { matchesOrigin } from '@oss-direct-upload/contract'
import type { RequestHandler } from 'express'

/**
 * Answers CORS for pages of other origins. No cookies are involved, so credentials stay off.
 *
 * @param origins Allowed origins, with one `*` each at most; `*` alone allows every one
 */
export function cors(origins: readonly string[]): RequestHandler {
  const allowsAll = origins.includes('*')
  return (request, response, next) => {
    if (!allowsAll) response.setHeader('Vary', 'Origin')
    const { origin } = request.headers
    if (origin === undefined || !origins.some((allowed) => matchesOrigin(allowed, origin))) {
      next()
      return
    }
    response.set('Access-Control-Allow-Origin', allowsAll ? '*' : origin)
    response.set('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id')
    if (request.method !== 'OPTIONS' || !request.get('access-control-request-method')) {
      next()
      return
    }
    response.set('Access-Control-Allow-Methods', 'GET, HEAD, POST')
    response.set('Access-Control-Allow-Headers', 'content-type, x-access-code')
    response.set('Access-Control-Max-Age', '600')
    response.status(204).end()
  }
}
