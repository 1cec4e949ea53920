import { percentile } from '../statistics.ts'
import type { Connection } from './connection.ts'

/** Result of a round of requests. */
export interface Round {
  requests: number
  /** Responses with another status than 200. */
  failed: number
  seconds: number
  p99Ms: number
}

/** Sends requests over all connections; each sends its next one when the last is answered. */
export async function closedLoop(
  connections: readonly Connection[],
  requests: number,
): Promise<Round> {
  let left = requests
  let failed = 0
  const times: number[] = []
  const began = performance.now()
  await Promise.all(
    connections.map(async (connection) => {
      while (left > 0) {
        left -= 1
        const sent = performance.now()
        if ((await connection.send()) !== 200) failed += 1
        times.push(performance.now() - sent)
      }
    }),
  )
  const seconds = (performance.now() - began) / 1000
  return { requests, failed, seconds, p99Ms: percentile(times, 0.99) }
}
