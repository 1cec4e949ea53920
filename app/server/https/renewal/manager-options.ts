import type { CertificateSpec, HttpsLog, ReplicatedStore } from '../store/index.ts'

export interface ManagerOptions extends CertificateSpec {
  store: ReplicatedStore
  log: HttpsLog
  /** Clock of this machine, in milliseconds. @default the system's */
  now?: () => number
  /** From 0 to 1. @default Math.random */
  random?: () => number
  /** Interval between two polls of the authority. @default 1000 */
  pollIntervalMs?: number
}
