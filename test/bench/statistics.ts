/** Returns the median; of an even number of values the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Returns a percentile. @param share 0 to 1 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/**
 * Measures several subjects in turn for a number of rounds, each starting with another one, so that
 * noise on the machine affects all of them alike.
 *
 * @returns Figures of each subject by round
 */
export async function interleave<T>(
  subjects: readonly T[],
  rounds: number,
  measure: (subject: T) => Promise<number>,
): Promise<Map<T, number[]>> {
  const figures = new Map<T, number[]>(subjects.map((subject) => [subject, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < subjects.length; turn += 1) {
      const subject = subjects[(round + turn) % subjects.length] as T
      figures.get(subject)?.push(await measure(subject))
    }
  }
  return figures
}

/** Returns the median of the rounds' ratios. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)))
}
