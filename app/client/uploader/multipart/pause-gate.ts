import { abortable } from '../abortable.ts'

/** Lets an upload be paused and resumed. */
export class PauseGate {
  #pause = new AbortController()
  #resumed: PromiseWithResolvers<void> | undefined

  get isPaused(): boolean {
    return this.#resumed !== undefined
  }

  /** Aborted by the next pause. */
  get signal(): AbortSignal {
    return this.#pause.signal
  }

  pause(): void {
    if (this.#resumed) return
    this.#resumed = Promise.withResolvers()
    this.#pause.abort(new DOMException('Paused', 'AbortError'))
  }

  resume(): void {
    const resumed = this.#resumed
    this.#resumed = undefined
    this.#pause = new AbortController()
    resumed?.resolve()
  }

  /** Waits while the upload is paused. @throws the signal's reason when it is aborted */
  async untilResumed(signal: AbortSignal): Promise<void> {
    while (this.#resumed) await abortable(this.#resumed.promise, signal)
    signal.throwIfAborted()
  }
}
