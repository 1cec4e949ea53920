import type { Credentials } from '../../signing/index.ts'

/** Returns the lifetime of a signature in seconds: it ends with the credentials that made it. */
export function lifetimeSeconds(preferred: number, { expiration }: Credentials, now: Date): number {
  if (expiration === undefined) return preferred
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000)
  return Math.max(1, Math.min(preferred, left))
}
