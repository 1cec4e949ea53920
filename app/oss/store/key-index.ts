/** The keys of a bucket by the order of their UTF-8 bytes, the order OSS lists them in. */
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

  /** The first key that is at or behind `text`, or strictly behind it; undefined at the end. */
  next(text: string, strictly: boolean): string | undefined {
    const at = this.#position(text)
    const found = this.#entries[at]?.key
    return strictly && found === text ? this.#entries[at + 1]?.key : found
  }

  /** The first key behind every key that starts with `prefix`. */
  nextBehindPrefix(prefix: string): string | undefined {
    const bytes = Buffer.from(prefix)
    return this.#entries[
      this.#search((entry) => Buffer.compare(entry.subarray(0, bytes.length), bytes) <= 0)
    ]?.key
  }

  #position(text: string): number {
    const bytes = Buffer.from(text)
    return this.#search((entry) => Buffer.compare(entry, bytes) < 0)
  }

  // How many entries, from the first, meet a condition that none meets after one that does not.
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
