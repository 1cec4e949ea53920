/** Steps that are done one after the other. A step that fails does not stop those after it. */
export class WorkQueue {
  readonly #onFailure: (error: unknown) => void
  #last: Promise<void> = Promise.resolve()

  /** @param onFailure told what a step has thrown */
  constructor(onFailure: (error: unknown) => void) {
    this.#onFailure = onFailure
  }

  /**
   * Puts a step at the end.
   *
   * @returns resolves when it is done; never rejects
   */
  next(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(step).catch((error: unknown) => {
      this.#onFailure(error)
    })
    return this.#last
  }
}
