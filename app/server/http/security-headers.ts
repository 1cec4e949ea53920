import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { RequestHandler } from 'express'
import helmet from 'helmet'

/**
 * Sets helmet's headers, which are the same for every response and therefore computed once.
 *
 * No upgrade-insecure-requests and no HSTS, as the page may be served over plain http.
 *
 * @param bucketOrigin The only other origin that the page may send requests to
 */
export function securityHeaders(bucketOrigin: string): RequestHandler {
  const set = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        workerSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:', 'data:'],
        connectSrc: ["'self'", bucketOrigin],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: false,
    crossOriginOpenerPolicy: false,
    originAgentCluster: false,
  })
  const request = new IncomingMessage(new Socket())
  const answer = new ServerResponse(request)
  set(request, answer, (error) => {
    if (error) throw error
  })
  const headers = answer
    .getHeaderNames()
    .map((name) => [name, String(answer.getHeader(name))] as const)
  return (_request, response, next) => {
    for (const [name, value] of headers) response.setHeader(name, value)
    next()
  }
}
