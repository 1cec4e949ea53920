import type { HttpsFailureReason } from '../../../contract/index.ts'

const ADVICE: Record<HttpsFailureReason, string> = {
  caUnreachable:
    'Let this machine reach it on port 443: public address, bandwidth, security group, name service.',
  clock: 'Set the clock of this machine.',
  rateLimited: 'Nothing is to be done but to wait; do not delete what is kept of certificates.',
  notReached:
    'Port 80 must lead to this server from everywhere: security group, and for a host name its A record.',
  refused: 'Compare HTTPS_NAME, ACME_PROFILE and ACME_DIRECTORY with what it says.',
  notOurs: 'The cause is in the log.',
}

/** What failed, why, and what to do about it. */
export function failureSentence(reason: HttpsFailureReason, message: string, name: string): string {
  const who = `No certificate for ${name} from the certificate authority: ${message}`
  return `${who.replace(/\.$/, '')}. ${ADVICE[reason]}`
}

const MINUTE = 60_000

/** Seconds that do not count between two clocks. */
export const CLOCK_TOLERANCE = 2 * MINUTE

/**
 * How this machine's clock differs from the authority's; undefined when it hardly does.
 *
 * @param clockAhead Milliseconds that the authority's clock is ahead
 */
export function clockSentence(clockAhead: number): string | undefined {
  if (Math.abs(clockAhead) < CLOCK_TOLERANCE) return undefined
  const minutes = Math.round(Math.abs(clockAhead) / MINUTE)
  const span = minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`
  const direction = clockAhead > 0 ? 'behind' : 'ahead of'
  return (
    `The clock of this machine is ${span} ${direction} that of the certificate authority: ` +
    'set it, as OSS refuses what is signed with a clock that is 15 minutes off.'
  )
}
