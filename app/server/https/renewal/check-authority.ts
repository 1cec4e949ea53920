import type { RenewalWindow } from '../acme/index.ts'
import { AcmeError, DEFAULT_REFRESH_MS, fetchDirectory, fetchRenewalInfo } from '../acme/index.ts'
import type { CertificateSpec } from '../store/index.ts'
import { CLOCK_TOLERANCE_MS } from './failure-message.ts'

/** State of an authority. */
export interface AuthorityState {
  /** How far its clock is ahead of this machine's; 0 within the tolerance. */
  clockAheadMs: number
  /** When it wants the certificate to be renewed; absent when unknown. */
  window?: RenewalWindow
  /** How long `window` is valid before it has to be checked again. */
  refreshAfterMs: number
}

const REFRESH_AFTER_FAILURE_MS = 10 * 60_000

/**
 * Checks the authority's clock and profiles, and when it wants a certificate to be renewed.
 *
 * @param id Of the certificate; undefined checks no renewal window
 * @throws AcmeError when the authority does not answer, or has no such profile
 */
export async function checkAuthority(
  { directory, profile }: CertificateSpec,
  now: () => number,
  id: string | undefined,
): Promise<AuthorityState> {
  const { profiles, renewalInfo, ...found } = await fetchDirectory(directory, now)
  if (profile !== undefined && !profiles.includes(profile)) {
    const offered = profiles.length > 0 ? profiles.join(', ') : 'none'
    throw new AcmeError('refused', `it has no profile ${profile}; it has: ${offered}`)
  }
  const clockAheadMs = Math.abs(found.clockAheadMs) < CLOCK_TOLERANCE_MS ? 0 : found.clockAheadMs
  if (id === undefined || renewalInfo === undefined) {
    return { clockAheadMs, refreshAfterMs: DEFAULT_REFRESH_MS }
  }
  const info = await fetchRenewalInfo(renewalInfo, id)
  return { clockAheadMs, ...(info ?? { refreshAfterMs: REFRESH_AFTER_FAILURE_MS }) }
}
