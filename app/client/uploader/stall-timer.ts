import type { Connection } from './connection.ts'

/** Interval at which the file is checked while there is no progress. */
const QUIET_MS = 5000
/** Time without progress after which a connection counts as lost. */
const STALL_MS = 45_000
/** Time for the response once everything has been sent. Includes the callback. */
const RESPONSE_MS = 120_000
/** Slowest connection on which an upload that reports no progress is waited for. */
const MIN_BYTES_PER_SECOND = 16 * 1024

export interface StallTimerOptions {
  /** Bytes to send. */
  totalBytes: number
  /** Whether the bucket responds to another request. */
  isReachable: Connection['isReachable']
  url: string
  /** Called every few seconds while nothing moves, for which there may be a better reason. */
  onQuiet: () => void
  /** Called once when the connection counts as lost. */
  onStall: () => void
  /** Any steady clock in milliseconds. */
  nowMs: () => number
}

/**
 * Detects a connection that is gone without notice. Safari may send a whole file without a progress
 * event or with a single one, so silence alone is no proof: until the second event, the upload goes on
 * as long as the bucket can be reached and the time suffices for a slow connection.
 */
export class StallTimer {
  readonly #options: StallTimerOptions
  readonly #startedMs: number
  readonly #stopped = new AbortController()
  #timer: ReturnType<typeof setTimeout> | undefined
  #quietTimer: ReturnType<typeof setInterval> | undefined
  #sentBytes = 0
  #events = 0

  constructor(options: StallTimerOptions) {
    this.#options = options
    this.#startedMs = options.nowMs()
    this.#restart()
  }

  /** Call for each progress event. */
  onProgress(sentBytes: number): void {
    if (sentBytes <= this.#sentBytes) return
    this.#sentBytes = sentBytes
    this.#events += 1
    this.#restart()
  }

  stop(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#quietTimer)
    this.#stopped.abort()
  }

  #restart(): void {
    clearTimeout(this.#timer)
    clearInterval(this.#quietTimer)
    this.#quietTimer = setInterval(this.#options.onQuiet, QUIET_MS)
    const limitMs = this.#sentBytes < this.#options.totalBytes ? STALL_MS : RESPONSE_MS
    const dueMs = this.#options.nowMs() + limitMs
    this.#timer = setTimeout(() => void this.#onTimeout(dueMs), limitMs)
  }

  async #onTimeout(dueMs: number): Promise<void> {
    const { nowMs, isReachable, url, totalBytes, onStall } = this.#options
    // The machine slept or the tab was frozen: progress may be reported only now.
    if (nowMs() > dueMs + STALL_MS) return this.#restart()
    const sentBytes = this.#sentBytes
    const maxMs = STALL_MS + (totalBytes / MIN_BYTES_PER_SECOND) * 1000
    const events = this.#events
    if (events < 2 && sentBytes < totalBytes && nowMs() - this.#startedMs < maxMs) {
      const inTime = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(STALL_MS)])
      const canContinue = await isReachable(url, inTime)
      if (this.#stopped.signal.aborted || this.#events > events) return
      if (canContinue) return this.#restart()
    }
    onStall()
  }
}
