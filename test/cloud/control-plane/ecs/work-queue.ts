/** Runs steps one after the other. A step that fails does not stop the next ones. */
export class WorkQueue {
  readonly #onFailure: (error: unknown) => void
  #last: Promise<void> = Promise.resolve()

  /** @param onFailure Called with the error of a step */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  /**
   * Adds a step at the end.
   *
   * @returns Resolves when the step has ended; never rejects
   */
  next(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(step).catch((error: unknown) => {
      this.#onFailure(error)
    })
    return this.#last
  }
}
