/**
 * A map with a limited number of entries. When its newer half is full, it drops the older half: in a
 * single Map, deleting the oldest entry one by one takes longer with every entry deleted before.
 */
export class BoundedMap<K, V> {
  readonly #half: number
  #newer = new Map<K, V>()
  #older = new Map<K, V>()

  /** @param limit At least 2 */
  constructor(limit: number) {
    this.#half = Math.floor(limit / 2)
  }

  /** Returns the value of a key, and counts its entry as new. */
  get(key: K): V | undefined {
    const value = this.#newer.get(key)
    if (value !== undefined) return value
    const older = this.#older.get(key)
    if (older !== undefined) this.set(key, older)
    return older
  }

  set(key: K, value: V): void {
    if (this.#newer.size >= this.#half && !this.#newer.has(key)) {
      this.#older = this.#newer
      this.#newer = new Map()
    }
    this.#newer.set(key, value)
  }
}
