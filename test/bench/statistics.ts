/** The middle one; of an even number the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The value that so much of all values (0 to 1) are not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
}

/**
 * Measures several things in turn, again and again, each round beginning with another one, so that
 * whatever else the machine does meets all of them alike.
 *
 * @returns For each thing its figures, round by round
 */
export async function interleave<T>(
  things: readonly T[],
  rounds: number,
  measure: (thing: T) => Promise<number>,
): Promise<Map<T, number[]>> {
  const figures = new Map<T, number[]>(things.map((thing) => [thing, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < things.length; turn += 1) {
      const thing = things[(round + turn) % things.length] as T
      figures.get(thing)?.push(await measure(thing))
    }
  }
  return figures
}

/** The median of the rounds' ratios. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)))
}
