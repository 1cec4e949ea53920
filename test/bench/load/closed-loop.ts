import { percentile } from '../statistics.ts'
import type { Connection } from './connection.ts'

/** What a round of requests came to. */
export interface Round {
  requests: number
  /** Answers other than 200. */
  refused: number
  seconds: number
  /** Milliseconds that an answer took. */
  times: { p50: number; p99: number }
}

/** Sends requests over all connections, each the next as soon as its last is answered. */
export async function closedLoop(
  connections: readonly Connection[],
  requests: number,
): Promise<Round> {
  let left = requests
  let refused = 0
  const times: number[] = []
  const began = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0) {
        left -= 1
        const sent = performance.now()
        if ((await connection.send()) !== 200) refused += 1
        times.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)]
  return { requests, refused, seconds, times: { p50, p99 } }
}
