import type { HttpsState } from '@oss-direct-upload/contract'

/** The part of `GET /healthz` about https. */
export interface HttpsStatus {
  state: HttpsState
  /** IPv4 address or host name of the certificate. */
  name: string
  /** When the certificate expires or has expired, ISO 8601. */
  notAfter?: string
  /** What failed last and what to do, as a sentence; while `serving`, about a renewal. */
  problem?: string
  /** When the next attempt is made after a failed one, ISO 8601. */
  nextAttempt?: string
}
