const HALF_LIFE_MS = 2000
const MIN_SAMPLE_MS = 200

/** Measures upload speed, smoothed so that the number can be read. */
export class SpeedMeter {
  #sampledMs: number
  #sampledBytes = 0
  #bytesPerSecond: number | undefined

  /** @param nowMs On any steady clock */
  constructor(nowMs: number) {
    this.#sampledMs = nowMs
  }

  /**
   * Returns bytes per second, or `undefined` while there is too little to measure.
   *
   * @param sentBytes Since the start
   * @param nowMs On the clock of the constructor
   */
  measure(sentBytes: number, nowMs: number): number | undefined {
    const elapsedMs = nowMs - this.#sampledMs
    if (elapsedMs < MIN_SAMPLE_MS) return this.#bytesPerSecond
    const current = ((sentBytes - this.#sampledBytes) * 1000) / elapsedMs
    const weight = 0.5 ** (elapsedMs / HALF_LIFE_MS)
    const before = this.#bytesPerSecond ?? current
    this.#bytesPerSecond = before * weight + current * (1 - weight)
    this.#sampledMs = nowMs
    this.#sampledBytes = sentBytes
    return this.#bytesPerSecond
  }
}
