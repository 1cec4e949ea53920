import type { Certificate, RenewalWindow } from '../acme/index.ts'

/** Part of the lifetime that is left for failed attempts: renewal is never planned for later. */
const RESERVE = 1 / 6

/**
 * Returns when to renew a certificate: at a random time in the authority's window, or without one
 * between a half and two thirds of the lifetime, so that many certificates are not renewed at once.
 *
 * @param random From 0 to 1
 * @returns A time in the past when the window is over
 */
export function renewalTime(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  window: RenewalWindow | undefined,
  random: number,
): Date {
  const lifetimeMs = notAfter.getTime() - notBefore.getTime()
  const start = window?.start.getTime() ?? notBefore.getTime() + lifetimeMs / 2
  const end = window?.end.getTime() ?? notBefore.getTime() + (lifetimeMs * 2) / 3
  const time = start + (end - start) * random
  return new Date(Math.min(time, notAfter.getTime() - lifetimeMs * RESERVE))
}
