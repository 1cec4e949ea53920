import type { Credentials } from '../../signing/index.ts'

/**
 * Seconds that a signature is to live: it is no longer good once the credentials that made it are
 * not.
 */
export function lifetime(wished: number, { expiration }: Credentials, now: Date): number {
  if (expiration === undefined) return wished
  return Math.max(1, Math.min(wished, Math.floor((expiration.getTime() - now.getTime()) / 1000)))
}
