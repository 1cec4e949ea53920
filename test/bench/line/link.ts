interface Entry<T> {
  item: T
  bytes: number
  /** When its last byte leaves, in milliseconds. */
  sentMs: number
}

/**
 * One direction of a line: sends items in the order in which they come, at a certain rate, and delays
 * them. It calculates with exact times: being called late makes the link no slower while items wait.
 */
export class Link<T> {
  readonly #bytesPerMs: number
  readonly #delayMs: number
  #waiting: Entry<T>[] = []
  #underWay: Entry<T>[] = []
  #freeMs = 0

  /** @param bitsPerSecond `Infinity` for a link that only delays */
  constructor(bitsPerSecond: number, delayMs: number) {
    this.#bytesPerMs = bitsPerSecond / 8000
    this.#delayMs = delayMs
  }

  get isEmpty(): boolean {
    return this.#waiting.length + this.#underWay.length === 0
  }

  push(item: T, bytes: number, nowMs: number): void {
    this.#freeMs = Math.max(this.#freeMs, nowMs) + bytes / this.#bytesPerMs
    this.#waiting.push({ item, bytes, sentMs: this.#freeMs })
  }

  /** Removes what has left by now, and what has arrived. */
  advance(nowMs: number): { sent: { item: T; bytes: number }[]; arrived: T[] } {
    const sent = takeUntil(this.#waiting, nowMs)
    for (const entry of sent) this.#underWay.push(entry)
    const arrived = takeUntil(this.#underWay, nowMs - this.#delayMs)
    return { sent, arrived: arrived.map(({ item }) => item) }
  }
}

function takeUntil<T>(entries: Entry<T>[], nowMs: number): Entry<T>[] {
  const later = entries.findIndex(({ sentMs }) => sentMs > nowMs)
  return entries.splice(0, later < 0 ? entries.length : later)
}
