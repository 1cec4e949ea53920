import type { Readable } from 'node:stream'

const EVENTS = ['readable', 'end', 'error', 'close'] as const

/**
 * A body's bytes as they arrive, without what Node's own iterator sets up for each body. A body that
 * is not read to its end is left as it is: who refuses it still has to read the rest, or the sender
 * never sees why.
 */
export class BodyChunks {
  readonly #source: Readable
  #wake: () => void = () => {}
  readonly #onEvent = (): void => this.#wake()

  constructor(source: Readable) {
    this.#source = source
    for (const event of EVENTS) source.on(event, this.#onEvent)
  }

  /**
   * @returns undefined at the end
   * @throws the source's error, or one of its own when the source closes before its end
   */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk: Buffer | null = this.#source.destroyed ? null : this.#source.read()
      if (chunk !== null) return chunk
      if (this.#source.readableEnded) return undefined
      if (this.#source.destroyed) throw this.#source.errored ?? new Error('The body is cut')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  /** Lets go of the source, which can then be read by somebody else. */
  close(): void {
    for (const event of EVENTS) this.#source.off(event, this.#onEvent)
  }
}
