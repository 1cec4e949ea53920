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

  constructor(onProgress: (progress: UploadProgress) => void) {
    this.#onProgress = onProgress
  }

  report(progress: UploadProgress): void {
    const isStep = progress.kind === 'sending' && this.#lastKind === 'sending'
    if (isStep && progress.sentBytes > 0 && this.#timer !== undefined) {
      this.#pending = progress
      return
    }
    this.stop()
    this.#pass(progress)
  }

  /** Drops what has not been passed on. */
  stop(): void {
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
