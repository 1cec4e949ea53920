const HALF_LIFE_MS = 2000
const SHORTEST_SAMPLE_MS = 200

/** How fast bytes go, smoothed so that the figure can be read. */
export class SpeedMeter {
  #at: number
  #bytes = 0
  #speed: number | undefined

  /** @param now Milliseconds on any steady clock */
  constructor(now: number) {
    this.#at = now
  }

  /**
   * @param bytes Sent since the start
   * @returns Bytes a second; undefined until it can be told
   */
  measure(bytes: number, now: number): number | undefined {
    const passed = now - this.#at
    if (passed < SHORTEST_SAMPLE_MS) return this.#speed
    const current = ((bytes - this.#bytes) * 1000) / passed
    const weight = 0.5 ** (passed / HALF_LIFE_MS)
    this.#speed =
      this.#speed === undefined ? current : this.#speed * weight + current * (1 - weight)
    this.#at = now
    this.#bytes = bytes
    return this.#speed
  }
}
