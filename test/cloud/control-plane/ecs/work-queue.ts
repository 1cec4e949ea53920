/** Steps that are done one after the other. A step that fails does not stop those after it. */
export class WorkQueue {
  #last: Promise<void> = Promise.resolve()

  /**
   * Puts a step at the end.
   *
   * @returns resolves when it is done; never rejects, so a step must tell of its own failure
   */
  next(step: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(step).catch(() => undefined)
    return this.#last
  }
}
