import { abortable } from './abortable.ts'

/** Holds an upload back while it is paused. */
export class PauseGate {
  #pausing = new AbortController()
  #resumed: PromiseWithResolvers<void> | undefined

  get isPaused(): boolean {
    return this.#resumed !== undefined
  }

  /** Aborted as soon as the upload is paused; another one after it goes on. */
  get signal(): AbortSignal {
    return this.#pausing.signal
  }

  pause(): void {
    if (this.#resumed) return
    this.#resumed = Promise.withResolvers()
    this.#pausing.abort(new DOMException('Paused', 'AbortError'))
  }

  resume(): void {
    const resumed = this.#resumed
    this.#resumed = undefined
    this.#pausing = new AbortController()
    resumed?.resolve()
  }

  /** Waits while the upload is paused. @throws the signal's reason when aborted meanwhile */
  async pass(signal: AbortSignal): Promise<void> {
    while (this.#resumed) await abortable(this.#resumed.promise, signal)
    signal.throwIfAborted()
  }
}
