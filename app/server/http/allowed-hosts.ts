import type { RequestHandler } from 'express'
import { RequestError } from './errors.ts'

/**
 * Refuses requests whose Host is not listed with 421 (RFC 9110, 15.5.20). A server on loopback needs
 * this against DNS rebinding: a website can make its own name resolve to 127.0.0.1, and its page then
 * reads every response of the server as its own.
 *
 * @param hosts Host names and IP addresses without port, IPv6 ones in brackets
 */
export function allowedHosts(hosts: readonly string[]): RequestHandler {
  const allowed = new Set(hosts.map((host) => host.toLowerCase()))
  return (request, _response, next) => {
    const host = request.headers.host?.replace(/:\d*$/, '').toLowerCase() ?? ''
    next(allowed.has(host) ? undefined : new RequestError('MisdirectedRequest'))
  }
}
