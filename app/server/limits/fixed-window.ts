import { BoundedMap } from './bounded-map.ts'

/** What a client has used up in its current window. */
export interface Usage {
  used: number
  /** Unix milliseconds. */
  resetAt: number
}

/** Clients that are remembered; a network that has more addresses than that gets around the limit. */
const MAX_CLIENTS = 100_000

/** Counts what each client uses in a window of time that starts with its first request. */
export class FixedWindow {
  readonly #windowMs: number
  /** Ordered by the end of the windows. */
  readonly #clients = new BoundedMap<string, Usage>(MAX_CLIENTS)

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /**
   * Returns the client's current usage, and starts a window when there is none. The caller adds to
   * `used` what it grants.
   *
   * @param now Unix milliseconds
   */
  usageOf(client: string, now: number): Usage {
    this.#clients.deleteOldestWhile(({ resetAt }) => resetAt <= now)
    const known = this.#clients.get(client)
    if (known !== undefined) return known
    const usage = { used: 0, resetAt: now + this.#windowMs }
    this.#clients.set(client, usage)
    return usage
  }

  /** Number of clients whose window has not ended. */
  get size(): number {
    return this.#clients.size
  }
}
