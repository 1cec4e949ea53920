/** The keys of a bucket in the order of their UTF-8 bytes, in which OSS lists them. */
export class KeyIndex {
  readonly #entries: { key: string; bytes: Buffer }[]

  constructor(keys: Iterable<string>) {
    this.#entries = [...new Set(keys)]
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
  }

  add(key: string): void {
    const at = this.#position(key)
    if (this.#entries[at]?.key !== key) {
      this.#entries.splice(at, 0, { key, bytes: Buffer.from(key) })
    }
  }

  delete(key: string): void {
    const at = this.#position(key)
    if (this.#entries[at]?.key === key) this.#entries.splice(at, 1)
  }

  /** Returns the first key at or after `text`, or strictly after it; undefined at the end. */
  next(text: string, strictly: boolean): string | undefined {
    const at = this.#position(text)
    const found = this.#entries[at]?.key
    return strictly && found === text ? this.#entries[at + 1]?.key : found
  }

  /** Returns the first key after all keys that start with `prefix`; undefined at the end. */
  nextAfterPrefix(prefix: string): string | undefined {
    const bytes = Buffer.from(prefix)
    return this.#entries[
      this.#search((entry) => Buffer.compare(entry.subarray(0, bytes.length), bytes) <= 0)
    ]?.key
  }

  #position(text: string): number {
    const bytes = Buffer.from(text)
    return this.#search((entry) => Buffer.compare(entry, bytes) < 0)
  }

  // Returns the number of leading entries that meet a monotonic condition.
  #search(isBefore: (bytes: Buffer) => boolean): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.#entries[middle]?.bytes as Buffer)) low = middle + 1
      else high = middle
    }
    return low
  }
}
