import type { HttpsState } from '../../../contract/index.ts'

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
