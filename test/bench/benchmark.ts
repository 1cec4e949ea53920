/** What a figure has to be. */
export type Goal = { atMost: number } | { atLeast: number }

/** One line of the table. */
export interface Result {
  /** `BENCHMARK/RIVAL`. */
  name: string
  what: string
  against: string
  /** Measured, with its unit, for people. @default '' */
  ours?: string
  /** @default '' */
  theirs?: string
  /** Ours divided by theirs; a plain figure where the goal is one. Absent when there is none. */
  ratio?: number
  /** Of a plain figure, e.g. `s`. @default '', a ratio */
  unit?: string
  /** Absent for a line that only informs. */
  goal?: Goal
  /** Why there is no figure, as a sentence. */
  missing?: string
}

/** How benchmarks are to run. */
export interface Context {
  /** Less of everything. */
  quick: boolean
  /** Empty folder for whatever a benchmark writes; removed at the end. */
  folder: string
  /** Says a sentence about the progress. */
  report(line: string): void
}

/** One measurement that fills one or more lines. */
export interface Benchmark {
  name: string
  run(context: Context): Promise<Result[]>
}

/** Thrown when a rival cannot be had here; the message is a sentence that says why. */
export class RivalError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'RivalError'
  }
}

/** Whether the figure reaches its goal; undefined when there is no figure or no goal. */
export function isMet({ ratio, goal }: Result): boolean | undefined {
  if (ratio === undefined || goal === undefined) return undefined
  return 'atMost' in goal ? ratio <= goal.atMost : ratio >= goal.atLeast
}
