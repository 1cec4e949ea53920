import { hash } from 'node:crypto'
import type { RequestHandler } from 'express'
import { RequestError } from '../http/errors.ts'
import { clientSubnet } from './client-subnet.ts'
import { FixedWindow } from './fixed-window.ts'

const WINDOW_SECONDS = 60

/**
 * Refuses clients that send too many requests. Every response states what is left, in the headers of
 * "RateLimit header fields for HTTP" (draft-ietf-httpapi-ratelimit-headers-08). Clients are told
 * apart by `request.ip`.
 *
 * @param limit Requests that one client may send a minute
 */
export function rateLimit(limit: number): RequestHandler {
  const name = `"${limit}-in-1min"`
  const requests = new FixedWindow(WINDOW_SECONDS * 1000)
  return (request, response, next) => {
    const client = clientSubnet(request.ip ?? '')
    const now = Date.now()
    const usage = requests.usageOf(client, now)
    usage.used += 1
    const left = Math.max(0, limit - usage.used)
    const seconds = Math.ceil((usage.resetAt - now) / 1000)
    const partition = hash('sha256', client, 'base64').slice(0, 12)
    response.setHeader('RateLimit', `${name}; r=${left}; t=${seconds}`)
    response.setHeader(
      'RateLimit-Policy',
      `${name}; q=${limit}; w=${WINDOW_SECONDS}; pk=:${partition}:`,
    )
    if (usage.used > limit) {
      response.setHeader('Retry-After', seconds)
      throw new RequestError('TooManyRequests')
    }
    next()
  }
}
