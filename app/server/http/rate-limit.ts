import { createHash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { clientNetwork } from './client-subnet.ts'
import { RequestQuota } from './fixed-window.ts'
import { RequestError } from './request-error.ts'

const WINDOW_SECONDS = 60

/**
 * Refuses a client that asks too often. Every answer says what is left to it, in the headers of
 * "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-08).
 *
 * @param limit Requests a minute for one client
 * @param trustedProxies Whether proxies are to be believed about the client's address
 */
export function signatureLimit(limit: number, trustedProxies: boolean): RequestHandler {
  const name = `"${limit}-in-1min"`
  const quotas = new RequestQuota(WINDOW_SECONDS * 1000, (client) => {
    const hash = createHash('sha256').update(client).digest().subarray(0, 9)
    return `${name}; q=${limit}; w=${WINDOW_SECONDS}; pk=:${hash.toString('base64')}:`
  })
  let known = { address: '', network: '' }
  return (request, response, next) => {
    const address = (trustedProxies ? request.ip : request.socket.remoteAddress) ?? ''
    if (address !== known.address) known = { address, network: clientNetwork(address) }
    const now = Date.now()
    const { used, resetAt, policy } = quotas.take(known.network, now)
    const seconds = Math.ceil((resetAt - now) / 1000)
    const left = Math.max(0, limit - used)
    response.setHeader('RateLimit', `${name}; r=${left}; t=${seconds}`)
    response.setHeader('RateLimit-Policy', policy)
    if (used <= limit) {
      next()
      return
    }
    response.setHeader('Retry-After', seconds)
    throw new RequestError('TooManyRequests')
  }
}
