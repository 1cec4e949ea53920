/**
 * Heights of a list's rows, in pixels, most of them estimated: finds the row at a place and the place
 * of a row in logarithmic time (a binary indexed tree of sums).
 */
export class RowHeights {
  readonly #estimate: number
  #heights: number[] = []
  /** `sums[i - 1]` is the sum of the last `i & -i` heights up to and including row `i - 1`. */
  #sums: number[] = []

  /** @param estimate Height of a row that has not been measured */
  constructor(estimate: number) {
    this.#estimate = estimate
  }

  get total(): number {
    return this.offset(this.#heights.length)
  }

  /** Adds rows at the end. @param height @default the estimate */
  add(count: number, height: number = this.#estimate): void {
    for (let i = 0; i < count; i += 1) {
      const end = this.#heights.length + 1
      const before = this.offset(end - 1) - this.offset(end - (end & -end))
      this.#heights.push(height)
      this.#sums.push(before + height)
    }
  }

  /** Keeps the rows for which a function returns true. */
  retain(isKept: (row: number) => boolean): void {
    const kept = this.#heights.filter((_, row) => isKept(row))
    this.#heights = []
    this.#sums = []
    for (const height of kept) this.add(1, height)
  }

  set(row: number, height: number): void {
    const change = height - (this.#heights[row] ?? height)
    if (change === 0) return
    this.#heights[row] = height
    for (let end = row + 1; end <= this.#sums.length; end += end & -end) {
      this.#sums[end - 1] = (this.#sums[end - 1] ?? 0) + change
    }
  }

  /** Returns the sum of the heights before a row. */
  offset(row: number): number {
    let sum = 0
    for (let end = row; end > 0; end -= end & -end) sum += this.#sums[end - 1] ?? 0
    return sum
  }

  /** Returns the row at a place: the first above it, the last below it. */
  rowAt(y: number): number {
    let row = 0
    let left = y
    for (let step = 2 ** 30; step >= 1; step /= 2) {
      const sum = this.#sums[row + step - 1]
      if (sum === undefined || sum > left) continue
      row += step
      left -= sum
    }
    return Math.max(0, Math.min(row, this.#heights.length - 1))
  }
}
