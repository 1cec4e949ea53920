import { hash, timingSafeEqual } from 'node:crypto'

/** Compares an access code in constant time, whatever the lengths. */
export function isAccessCode(offered: string | undefined, expected: string): boolean {
  if (offered === undefined) return false
  return timingSafeEqual(hash('sha256', offered, 'buffer'), hash('sha256', expected, 'buffer'))
}
