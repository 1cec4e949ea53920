import type { IncomingHttpHeaders } from 'node:http'
import type { RequestHandler } from 'express'
import type { Logger } from 'pino'

const FORWARDING =
  /^(x-forwarded-.*|forwarded|via|x-real-ip|x-original-.*|(.*-)?client-ip|.*-connecting-ip)$/

/** Returns whether a request has a header that proxies add. */
export function isForwarded(headers: IncomingHttpHeaders): boolean {
  return Object.keys(headers).some((name) => FORWARDING.test(name))
}

/** Logs once that requests come through a proxy although no proxy is trusted. */
export function warnOfUntrustedProxy(log: Logger): RequestHandler {
  let isLogged = false
  return (request, _response, next) => {
    if (!isLogged && request.headers['x-forwarded-for'] !== undefined) {
      isLogged = true
      log.warn(
        'A request has X-Forwarded-For, but TRUSTED_PROXIES is 0: behind a proxy all clients count as ' +
          'one. Set TRUSTED_PROXIES to the number of proxies in front of this server',
      )
    }
    next()
  }
}
