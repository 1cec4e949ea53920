import { hash } from 'node:crypto'
import { BoundedMap } from '../limits/bounded-map.ts'

/** Bodies that are remembered. */
const MAX_BODIES = 100_000

/**
 * Remembers received bodies, each until it would be refused for its age. It does not survive a restart,
 * does not know what other instances received, and above the limit forgets the oldest: a hook that
 * must act once on an upload has to remember the request id itself.
 */
export class ReplayGuard {
  readonly #expiries = new BoundedMap<string, number>(MAX_BODIES)

  /**
   * Returns whether a body is new, and remembers it.
   *
   * @param expires When the body would be refused for its age, in the unit of `now`
   */
  admit(body: Buffer, expires: number, now: number): boolean {
    const id = hash('sha256', body, 'base64')
    if ((this.#expiries.get(id) ?? now) > now) return false
    this.#expiries.set(id, expires)
    return true
  }
}
