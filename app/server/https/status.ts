import type { FailureReason } from './acme/acme-error.ts'

/**
 * What becomes of https: `pending` until the first certificate, `serving` with one that is good,
 * `failing` without one after an attempt that failed.
 */
export type HttpsState = 'pending' | 'serving' | 'failing'

/** What `GET /healthz` tells of https. */
export interface HttpsStatus {
  state: HttpsState
  /** Address or host name that the certificate is for. */
  name: string
  /** When the certificate ends or has ended, ISO 8601. */
  notAfter?: string
  /** What went wrong last and what to do, as a sentence; while `serving`, of a renewal. */
  problem?: string
  /** When the next attempt is made after one that failed, ISO 8601. */
  nextAttempt?: string
}

/** What `GET /config.json` tells a page, which may have come over plain http. */
export interface HttpsNotice {
  state: HttpsState
  /** Where the page is over https. */
  url: string
  /** Why there is no certificate. */
  reason?: FailureReason
}
