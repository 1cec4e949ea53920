/** Lets a limited number of tasks run at the same time; the others wait in order of arrival. */
export class Semaphore {
  #free: number
  readonly #waiting: (() => void)[] = []

  /** @param limit Number of tasks that may run at the same time */
  constructor(limit: number) {
    this.#free = limit
  }

  /** Resolves when the task may run. Call `release` when it has ended. */
  async acquire(): Promise<void> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  release(): void {
    const next = this.#waiting.shift()
    if (next) next()
    else this.#free += 1
  }
}
