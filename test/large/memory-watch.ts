/** The memory of this process, looked at while something is going on. */
export interface MemoryWatch {
  /** Bytes before it began. */
  start: number
  /** Ends it. @returns the most in each of so many stretches of the same length, in bytes */
  peaks(stretches: number): number[]
}

/** Begins to look, every 50 milliseconds. */
export function watchMemory(): MemoryWatch {
  const start = process.memoryUsage.rss()
  const seen = [start]
  const timer = setInterval(() => void seen.push(process.memoryUsage.rss()), 50)
  return {
    start,
    peaks(stretches) {
      clearInterval(timer)
      seen.push(process.memoryUsage.rss())
      return Array.from({ length: stretches }, (_, n) => {
        const [from, to] = [n, n + 1].map((at) => Math.floor((at * seen.length) / stretches))
        return Math.max(...seen.slice(from, to))
      })
    },
  }
}
