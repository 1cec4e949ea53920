import type { UploadProgress } from './upload-progress.ts'

const INTERVAL_MS = 100

/**
 * Passes the progress of one file on at most ten times a second. WebKit reports it every 8 KiB, which
 * would be drawn for longer than it takes to send. A change of another kind is passed on at once.
 */
export class ProgressThrottle {
  readonly #onProgress: (progress: UploadProgress) => void
  #timer: ReturnType<typeof setTimeout> | undefined
  #lastKind: UploadProgress['kind'] | undefined
  #pending: UploadProgress | undefined
  #isClosed = false

  constructor(onProgress: (progress: UploadProgress) => void) {
    this.#onProgress = onProgress
  }

  report(progress: UploadProgress): void {
    if (this.#isClosed) return
    const isStep = progress.kind === 'sending' && this.#lastKind === 'sending'
    if (isStep && progress.sentBytes > 0 && this.#timer !== undefined) {
      this.#pending = progress
      return
    }
    this.#dropPending()
    this.#pass(progress)
  }

  /** Drops what has not been passed on, and what is reported from now on. */
  close(): void {
    this.#isClosed = true
    this.#dropPending()
  }

  #dropPending(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#pending = undefined
  }

  #pass(progress: UploadProgress): void {
    this.#lastKind = progress.kind
    this.#pending = undefined
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      if (this.#pending) this.#pass(this.#pending)
    }, INTERVAL_MS)
    this.#onProgress(progress)
  }
}
