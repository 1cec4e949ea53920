import type { SignedPart, SignedParts } from './multipart-client.ts'

const BATCH = 20
/** Seconds before its end at which a URL is no longer used. */
const MARGIN = 10

/** The signed URLs of one upload: asked for in batches, and anew once they are old. */
export class PartUrls {
  readonly #ask: (from: number, to: number) => Promise<SignedParts>
  readonly #last: number
  readonly #now: () => number
  readonly #known = new Map<number, { part: SignedPart; until: number }>()
  /** What is being asked for, by the first number of the batch. */
  readonly #asked = new Map<number, Promise<void>>()

  /**
   * @param last Number of the last part
   * @param ask Gets the URLs from one number to another
   * @param now Milliseconds on any clock
   */
  constructor(
    last: number,
    ask: (from: number, to: number) => Promise<SignedParts>,
    now: () => number = Date.now,
  ) {
    this.#last = last
    this.#ask = ask
    this.#now = now
  }

  /** A URL that is still good. @throws what `ask` throws */
  async get(partNumber: number): Promise<SignedPart> {
    const known = this.#known.get(partNumber)
    if (known && known.until > this.#now()) return known.part
    await this.#fetch(partNumber)
    const fresh = this.#known.get(partNumber)
    if (!fresh) throw new Error(`The server has signed no URL for part ${partNumber}`)
    return fresh.part
  }

  /** Forgets every URL: the bucket has refused one. */
  drop(): void {
    this.#known.clear()
  }

  #fetch(partNumber: number): Promise<void> {
    // Batches begin at fixed numbers, so that several who wait for one ask once.
    const from = partNumber - ((partNumber - 1) % BATCH)
    const asked = this.#asked.get(from)
    if (asked) return asked
    const started = this.#now()
    const answer = this.#ask(from, Math.min(from + BATCH - 1, this.#last))
      .then(({ parts, expiresIn }) => {
        // However short their life is, the one who has asked may try them.
        const until = started + Math.max(expiresIn - MARGIN, expiresIn / 2) * 1000
        for (const part of parts) this.#known.set(part.partNumber, { part, until })
      })
      .finally(() => this.#asked.delete(from))
    this.#asked.set(from, answer)
    return answer
  }
}
