import { BoundedMap } from './bounded-map.ts'

/** What a client has used up in its current window. */
export interface Usage {
  used: number
  /** Unix milliseconds. */
  resetAt: number
}

/** Clients that are remembered; whoever has more networks than that gets around the limit. */
const MAX_CLIENTS = 100_000

/** Counts what each client uses in a window of time that starts with its first request. */
export class FixedWindow {
  readonly #windowMs: number
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
    const known = this.#clients.get(client)
    if (known !== undefined && known.resetAt > now) return known
    const usage = { used: 0, resetAt: now + this.#windowMs }
    this.#clients.set(client, usage)
    return usage
  }
}
