/** A map with a limited number of entries. A new entry above the limit replaces the oldest one. */
export class BoundedMap<K, V> extends Map<K, V> {
  readonly #limit: number

  constructor(limit: number) {
    super()
    this.#limit = limit
  }

  /** Sets an entry and makes it the newest. */
  override set(key: K, value: V): this {
    this.delete(key)
    super.set(key, value)
    const [oldest] = this.keys()
    if (this.size > this.#limit && oldest !== undefined) this.delete(oldest)
    return this
  }

  /** Deletes the oldest entries up to the first that does not match. */
  deleteOldestWhile(matches: (value: V) => boolean): void {
    for (const [key, value] of this) {
      if (!matches(value)) return
      this.delete(key)
    }
  }
}
