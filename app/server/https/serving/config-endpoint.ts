import type { ClientConfig, HttpsFailureReason, HttpsNotice } from '@oss-direct-upload/contract'
import type { RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import type { HttpsStatus } from '../renewal/status.ts'

/** The state of https as the application publishes it. */
export interface AppHttps {
  status: () => HttpsStatus
  /** Why there is no certificate. */
  reason: () => HttpsFailureReason | undefined
  /** Origin of the page over https. */
  url: () => string
  metrics: Registry
}

/** Handles `GET /config.json` of a server with https, for pages loaded over http. */
export function httpsConfigHandler(config: ClientConfig, https: AppHttps): RequestHandler {
  return (_request, response) => {
    const { state } = https.status()
    const reason = https.reason()
    const notice: HttpsNotice = { state, url: https.url(), ...(reason ? { reason } : {}) }
    response.set('Cache-Control', 'no-store').json({ ...config, https: notice })
  }
}
