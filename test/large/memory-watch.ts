/** Samples the resident memory of this process. */
export interface MemoryWatch {
  /** Bytes at the start. */
  start: number
  /** Stops. @returns The peak in bytes of each of several intervals of equal length */
  peaks(intervals: number): number[]
}

/** Starts sampling, every 50 ms. */
export function watchMemory(): MemoryWatch {
  const start = process.memoryUsage.rss()
  const samples = [start]
  const timer = setInterval(() => void samples.push(process.memoryUsage.rss()), 50)
  return {
    start,
    peaks(intervals) {
      clearInterval(timer)
      samples.push(process.memoryUsage.rss())
      return Array.from({ length: intervals }, (_, n) => {
        const [from, to] = [n, n + 1].map((at) => Math.floor((at * samples.length) / intervals))
        return Math.max(...samples.slice(from, to))
      })
    },
  }
}
