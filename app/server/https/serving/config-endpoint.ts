import type { RequestHandler } from 'express'
import type { Registry } from 'prom-client'
import type { HttpsFailureReason, HttpsNotice } from '../../../contract/index.ts'
import { clientConfig } from '../../config-endpoint.ts'
import type { SigningOptions } from '../../signing-options.ts'
import type { HttpsStatus } from '../renewal/status.ts'

/** What the application tells of https. */
export interface AppHttps {
  status: () => HttpsStatus
  /** Why there is no certificate. */
  reason: () => HttpsFailureReason | undefined
  /** Origin of the page over https. */
  url: () => string
  metrics: Registry
}

/** `GET /config.json` with what a page over plain http has to tell. */
export function noticedConfig(options: SigningOptions, https: AppHttps): RequestHandler {
  const config = clientConfig(options)
  return (_request, response) => {
    const { state } = https.status()
    const reason = https.reason()
    const notice: HttpsNotice = { state, url: https.url(), ...(reason ? { reason } : {}) }
    response.set('Cache-Control', 'no-store').json({ ...config, https: notice })
  }
}
