import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * What is answered over http while https is served: what watches the server, what OSS calls, and what
 * a page asks for that was opened over http before, so that its uploads end well. A browser follows
 * no redirect to another origin with the request of an upload.
 */
const STAYS = /^\/(healthz|metrics|callback|config\.json|signature|multipart(\/[^?]*)?)\/?(\?|$)/i

/** Origin of a name over https. */
export function secureOrigin(name: string, port: number): string {
  return `https://${name}${port === 443 ? '' : `:${port}`}`
}

/**
 * Where a request over http is sent on to; undefined when it is answered there.
 *
 * @param url Of the request, as it came
 * @param origin Over https
 */
export function redirectTarget(url: string, origin: string): string | undefined {
  if (STAYS.test(url)) return undefined
  // To this name only, whatever host was asked for.
  return /^\/[\x21-\x7e]*$/.test(url) ? `${origin}${url}` : `${origin}/`
}

/** Answers 308, not to be stored: browsers would keep to it when https fails. */
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
