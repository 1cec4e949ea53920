import type { HttpsFailureReason } from '@oss-direct-upload/contract'

const ADVICE: Record<HttpsFailureReason, string> = {
  caUnreachable:
    'Let this machine reach it on port 443: public address, bandwidth, security group, name service.',
  clock: 'Set the clock of this machine.',
  rateLimited: 'Wait, and do not delete the stored certificates.',
  notReached:
    'Port 80 must lead to this server from everywhere: security group, and for a host name its A record.',
  refused: 'Compare HTTPS_NAME, ACME_PROFILE and ACME_DIRECTORY with what it says.',
  notOurs: 'The cause is in the log.',
}

/** Returns what failed, why, and what to do. @param message Of an `AcmeError` */
export function failureMessage(reason: HttpsFailureReason, message: string, name: string): string {
  const failure = `No certificate for ${name} from the certificate authority: ${message}`
  return `${failure.replace(/\.$/, '')}. ${ADVICE[reason]}`
}

const MINUTE_MS = 60_000

/** Smaller differences between two clocks are ignored. */
export const CLOCK_TOLERANCE_MS = 2 * MINUTE_MS

/**
 * Returns how far this machine's clock is off, or undefined within the tolerance.
 *
 * @param clockAheadMs How far the authority's clock is ahead
 */
export function clockMessage(clockAheadMs: number): string | undefined {
  if (Math.abs(clockAheadMs) < CLOCK_TOLERANCE_MS) return undefined
  const minutes = Math.round(Math.abs(clockAheadMs) / MINUTE_MS)
  const span = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  const direction = clockAheadMs > 0 ? 'behind' : 'ahead of'
  return (
    `The clock of this machine is ${span} ${direction} that of the certificate authority: ` +
    'set it, as OSS refuses what is signed with a clock that is 15 minutes off.'
  )
}
