import { hash } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'

/** Bodies that are remembered. */
const MAX_BODIES = 100_000

/**
 * Remembers received bodies, each until it would be refused for its age. Above the limit it forgets
 * the oldest; a process knows only what it has received itself since it started.
 */
export class ReplayGuard {
  readonly #expiries = new BoundedMap<string, number>(MAX_BODIES)

  /**
   * Returns whether a body is new, and remembers it.
   *
   * @param expires When the body would be refused for its age, in the unit of `now`
   */
  admit(body: Buffer, expires: number, now: number): boolean {
    this.#expiries.deleteOldestWhile((expiry) => expiry <= now)
    const id = hash('sha256', body, 'base64')
    if ((this.#expiries.get(id) ?? now) > now) return false
    this.#expiries.set(id, expires)
    return true
  }
}
