import type { Credentials } from '@oss-direct-upload/signing'
import type { ResolvedOptions } from '../resolve-options.ts'

/** What everything in one answer is signed with. */
export interface Signer {
  credentials: Credentials
  /** Time of signing. */
  now: Date
  /** Lifetime of the signatures, which end with the credentials that made them. */
  expiresInSeconds: number
}

/** Fetches the credentials and reads the clock, once for each answer. */
export async function createSigner(options: ResolvedOptions): Promise<Signer> {
  const credentials = await options.credentials()
  const now = options.now()
  const expiresInSeconds = lifetimeSeconds(options.expiresInSeconds, credentials, now)
  return { credentials, now, expiresInSeconds }
}

function lifetimeSeconds(preferred: number, { expiration }: Credentials, now: Date): number {
  if (expiration === undefined) return preferred
  const left = Math.floor((expiration.getTime() - now.getTime()) / 1000)
  return Math.max(1, Math.min(preferred, left))
}
