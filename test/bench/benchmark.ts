/** The bound that a figure must meet. */
export type Goal = { atMost: number } | { atLeast: number }

/** One row of the table. */
export interface Result {
  /** `BENCHMARK/RIVAL`. */
  name: string
  what: string
  against: string
  /** Measured value with its unit. @default '' */
  ours?: string
  /** @default '' */
  theirs?: string
  /** Ours divided by theirs, or a plain figure with a `unit`. Absent when nothing was measured. */
  ratio?: number
  /** Of a plain figure, for example `s`. @default '' for a ratio */
  unit?: string
  /** Absent for a row that only informs. */
  goal?: Goal
  /** Why there is no figure. */
  missing?: string
}

/** Settings of a run. */
export interface Context {
  /** Whether to measure fewer rounds of less data. */
  quick: boolean
  /** Temporary folder, removed at the end. */
  folder: string
  /** Names of what the benchmark of long lines measures; all where a list is empty. */
  selected: { lines: readonly string[]; loads: readonly string[]; uploaders: readonly string[] }
  /** Receives progress messages. */
  report(line: string): void
}

/** A measurement that yields one or more rows. */
export interface Benchmark {
  name: string
  run(context: Context): Promise<Result[]>
}

/** Thrown when a rival is not available on this machine; the message says why. */
export class RivalError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'RivalError'
  }
}

/** Returns whether the figure meets its goal; undefined without a figure or a goal. */
export function isMet({ ratio, goal }: Result): boolean | undefined {
  if (ratio === undefined || goal === undefined) return undefined
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast
}
