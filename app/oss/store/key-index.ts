/** The keys of a bucket in the order of their UTF-8 bytes, in which OSS lists them. */
export class KeyIndex {
  readonly #keys: string[]

  constructor(keys: Iterable<string>) {
    this.#keys = [...new Set(keys)].sort(compareKeys)
  }

  add(key: string): void {
    const at = this.#position(key)
    if (this.#keys[at] !== key) this.#keys.splice(at, 0, key)
  }

  delete(key: string): void {
    const at = this.#position(key)
    if (this.#keys[at] === key) this.#keys.splice(at, 1)
  }

  /** Returns the first key at or after `text`, or strictly after it; undefined at the end. */
  next(text: string, strictly: boolean): string | undefined {
    const at = this.#position(text)
    return strictly && this.#keys[at] === text ? this.#keys[at + 1] : this.#keys[at]
  }

  /** Returns the first key after all keys that start with `prefix`; undefined at the end. */
  nextAfterPrefix(prefix: string): string | undefined {
    return this.#keys[this.#search((key) => key.startsWith(prefix) || compareKeys(key, prefix) < 0)]
  }

  #position(text: string): number {
    return this.#search((key) => compareKeys(key, text) < 0)
  }

  // Returns the number of leading keys that meet a monotonic condition.
  #search(isBefore: (key: string) => boolean): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (isBefore(this.#keys[middle] as string)) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Compares two keys by their UTF-8 bytes, without encoding them. That order is the one of code points:
 * surrogates, which stand for the highest of them, come after all other code units.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

function rank(unit: number): number {
  return (unit & 0xf800) === 0xd800 ? unit + 0x10000 : unit
}
