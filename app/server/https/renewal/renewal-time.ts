/** When a certificate is good. */
export interface Lifetime {
  notBefore: Date
  notAfter: Date
}

/** When its authority wishes a certificate to be renewed (RFC 9773, 4.2). */
export interface RenewalWindow {
  start: Date
  end: Date
}

/** What must be left of a lifetime, for attempts that fail: renewal is never planned for later. */
const RESERVE = 1 / 6

/**
 * When to renew: at a moment of the authority's window that is drawn once, or between a half and two
 * thirds of the lifetime, so that not all renew at once. A window that has gone by means now.
 *
 * @param random From 0 to 1
 */
export function renewalTime(
  { notBefore, notAfter }: Lifetime,
  window: RenewalWindow | undefined,
  random: number,
): Date {
  const lifetime = notAfter.getTime() - notBefore.getTime()
  const start = window?.start.getTime() ?? notBefore.getTime() + lifetime / 2
  const end = window?.end.getTime() ?? notBefore.getTime() + (lifetime * 2) / 3
  const drawn = start + (end - start) * random
  return new Date(Math.min(drawn, notAfter.getTime() - lifetime * RESERVE))
}
