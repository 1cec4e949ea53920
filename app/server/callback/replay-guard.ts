import { createHash } from 'node:crypto'

/**
 * Remembers what has been received, each until it would be refused for its age anyway. Above the
 * limit the oldest is forgotten, so memory is bounded; a process knows only what it has seen itself.
 */
export class ReplayGuard {
  readonly #seen = new Map<string, number>()
  readonly #limit: number

  /** @param limit Bodies remembered */
  constructor(limit = 100_000) {
    this.#limit = limit
  }

  /**
   * Whether these bytes are new; from then on they are not.
   *
   * @param until When they need not be remembered any longer, in the unit of `now`
   */
  admit(bytes: Buffer, until: number, now: number): boolean {
    const id = createHash('sha256').update(bytes).digest('base64')
    if ((this.#seen.get(id) ?? now) > now) return false
    for (const [old, end] of this.#seen) {
      if (end > now && this.#seen.size < this.#limit) break
      this.#seen.delete(old)
    }
    this.#seen.set(id, until)
    return true
  }
}
