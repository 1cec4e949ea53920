/** How often one client has asked, and when its count begins anew. */
export interface Quota {
  used: number
  /** Unix milliseconds. */
  resetAt: number
  /** The header RateLimit-Policy, which names the client without telling who it is. */
  policy: string
}

/** Counts what each client asks for in a window of time that begins with its first request. */
export class RequestQuota {
  readonly #windowMs: number
  readonly #policyOf: (client: string) => string
  /** In the order of their windows' ends. */
  readonly #clients = new Map<string, Quota>()

  /**
   * @param windowMs Length of a window in milliseconds
   * @param policyOf Writes a client's header
   */
  constructor(windowMs: number, policyOf: (client: string) => string) {
    this.#windowMs = windowMs
    this.#policyOf = policyOf
  }

  /** Counts one request. */
  take(client: string, now: number): Quota {
    this.#forgetEnded(now)
    let quota = this.#clients.get(client)
    if (!quota) {
      quota = { used: 0, resetAt: now + this.#windowMs, policy: this.#policyOf(client) }
      this.#clients.set(client, quota)
    }
    quota.used += 1
    return quota
  }

  /** How many clients are known: those whose window has not ended. */
  get size(): number {
    return this.#clients.size
  }

  #forgetEnded(now: number): void {
    for (const [client, { resetAt }] of this.#clients) {
      if (resetAt > now) return
      this.#clients.delete(client)
    }
  }
}
