import type { Logger } from 'pino'
import type { SigningOptions } from '../signing-options.ts'

/** The part of `GET /healthz` about the access key. */
export interface AccessKeyStatus {
  /** Day on which OSS last accepted the key, in UTC, e.g. `2026-12-01`; null when it has not since the start. */
  lastAccepted: string | null
}

/**
 * Records when OSS last accepted the access key. Signing alone is no use of a key, and newer accounts
 * disable keys that are idle for 365 days. What the server learns of are the callbacks of uploads that OSS
 * accepted; uploads without a callback never reach it.
 */
export class AccessKeyUse {
  readonly #now: () => Date
  readonly #log: Logger | undefined
  #day: string | null = null

  constructor(now: () => Date, log?: Logger) {
    this.#now = now
    this.#log = log
  }

  /** Records that OSS has accepted the key; the first time on a day is logged. */
  accepted(): void {
    const day = this.#now().toISOString().slice(0, 10)
    if (day === this.#day) return
    this.#day = day
    this.#log?.info('OSS accepted the access key')
  }

  /** Returns a day and no time: everyone may read `GET /healthz`. */
  status(): AccessKeyStatus {
    return { lastAccepted: this.#day }
  }
}

/** Returns a record for a permanent key with callbacks; undefined when none can be kept or is needed. */
export function accessKeyUse(
  { credentials, callbackUrl }: SigningOptions,
  now: () => Date,
  log?: Logger,
): AccessKeyUse | undefined {
  const isPermanent = typeof credentials !== 'function' && credentials.securityToken === undefined
  return isPermanent && callbackUrl !== undefined ? new AccessKeyUse(now, log) : undefined
}
