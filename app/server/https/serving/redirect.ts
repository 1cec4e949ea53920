import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Paths that are answered over http even while https is served: health checks and metrics, callbacks
 * of OSS, and the requests of a page that was opened over http before, so that its uploads complete.
 * A browser does not follow a redirect to another origin with these.
 */
const ANSWERED_OVER_HTTP =
  /^\/(healthz|metrics|callback|config\.json|signature|multipart(\/[^?]*)?)\/?(\?|$)/i

/** Returns the https origin of a name. */
export function httpsOrigin(name: string, port: number): string {
  return `https://${name}${port === 443 ? '' : `:${port}`}`
}

/**
 * Returns the redirect target of an http request, or undefined when it is answered over http.
 *
 * @param url Of the request, as received
 * @param origin Over https
 */
export function redirectTarget(url: string, origin: string): string | undefined {
  if (ANSWERED_OVER_HTTP.test(url)) return undefined
  // The request's Host is ignored: it redirects to this name only.
  return /^\/[\x21-\x7e]*$/.test(url) ? `${origin}${url}` : `${origin}/`
}

/** Responds with 308 and no-store: browsers would use a stored redirect when https fails. */
export function sendRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): void {
  const body = `This page is at ${target}\n`
  response.writeHead(308, {
    Location: target,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}
