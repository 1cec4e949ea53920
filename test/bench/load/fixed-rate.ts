import { setTimeout as delay } from 'node:timers/promises'
import type { Connection } from './connection.ts'

/**
 * Sends requests at a fixed rate, whether or not earlier ones are answered. Waiting for a free connection
 * counts, as it does for a user.
 *
 * @param rate Requests per second
 * @returns Milliseconds from the due time of each request to its response
 */
export async function fixedRate(
  connections: readonly Connection[],
  rate: number,
  seconds: number,
): Promise<number[]> {
  const free = [...connections]
  const waiting: number[] = []
  const times: number[] = []
  const total = Math.round(rate * seconds)
  const began = performance.now()
  const run = async (connection: Connection, due: number): Promise<void> => {
    let next: number | undefined = due
    while (next !== undefined) {
      await connection.send()
      times.push(performance.now() - began - next)
      next = waiting.shift()
    }
    free.push(connection)
  }
  const running = new Set<Promise<void>>()
  for (let sent = 0; sent < total; ) {
    const now = performance.now() - began
    for (; sent < total && (sent / rate) * 1000 <= now; sent += 1) {
      const due = (sent / rate) * 1000
      const connection = free.pop()
      if (connection === undefined) {
        waiting.push(due)
        continue
      }
      const answer = run(connection, due)
      running.add(answer)
      void answer.finally(() => running.delete(answer))
    }
    await delay(1)
  }
  while (running.size > 0) await Promise.all(running)
  return times
}
