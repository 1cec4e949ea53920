/** Runs actions with the same name one after the other; those of different names run at once. */
export class KeyedQueue {
  /** The last action of each name. */
  readonly #tails = new Map<string, Promise<unknown>>()

  /** Runs an action once all earlier actions of the same name have ended, and returns its result. */
  async run<T>(name: string, action: () => Promise<T>): Promise<T> {
    const tail = this.#tails.get(name) ?? Promise.resolve()
    const result = tail.then(action, action)
    this.#tails.set(name, result)
    try {
      return await result
    } finally {
      if (this.#tails.get(name) === result) this.#tails.delete(name)
    }
  }
}
