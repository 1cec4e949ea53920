import { AcmeError } from '../acme/acme-error.ts'
import { readDirectory, readRenewalInfo } from '../acme/directory.ts'
import { CLOCK_TOLERANCE } from './failure-message.ts'
import type { RenewalWindow } from './renewal-time.ts'

/** What an authority says when it is asked. */
export interface AuthorityAdvice {
  /** Milliseconds that its clock is ahead of this machine's; 0 when that does not matter. */
  clockAhead: number
  /** When it wishes the certificate to be renewed; absent when it was not asked, or does not say. */
  window?: RenewalWindow
  /** Milliseconds after which it may say otherwise. */
  askAgainIn: number
}

const MINUTE = 60_000
/** Of RFC 9773, 4.3.2, where nothing else is told. */
const USUALLY = 360 * MINUTE
const AFTER_FAILURE = 10 * MINUTE

/**
 * Asks for the time, for the profile, and for when to renew.
 *
 * @param id Of the certificate; undefined does not ask when to renew
 * @throws AcmeError when it does not answer, or has no such profile
 */
export async function askAdvice(
  options: { directory: string; profile: string | undefined; now?: () => number },
  id: string | undefined,
): Promise<AuthorityAdvice> {
  const { directory, profile, now = Date.now } = options
  const read = await readDirectory(directory, now)
  if (profile !== undefined && !read.profiles.includes(profile)) {
    const has = read.profiles.length > 0 ? read.profiles.join(', ') : 'none'
    throw new AcmeError('refused', `it has no profile ${profile}; it has: ${has}`)
  }
  const clockAhead = Math.abs(read.clockAhead) < CLOCK_TOLERANCE ? 0 : read.clockAhead
  if (id === undefined || read.renewalInfo === undefined) return { clockAhead, askAgainIn: USUALLY }
  const info = await readRenewalInfo(read.renewalInfo, id)
  return info ? { clockAhead, ...info } : { clockAhead, askAgainIn: AFTER_FAILURE }
}
