import type { SignedPart, SignedParts } from './multipart-client.ts'

const BATCH_SIZE = 20
/** Time before its expiry at which a URL is no longer used. */
const MARGIN_SECONDS = 10

/** The presigned URLs of one upload, requested in batches and renewed before they expire. */
export class PartUrls {
  readonly #request: (from: number, to: number) => Promise<SignedParts>
  readonly #lastPart: number
  readonly #nowMs: () => number
  readonly #urls = new Map<number, { part: SignedPart; untilMs: number }>()
  /** Requests that have no response yet, by the first part of the batch. */
  readonly #pending = new Map<number, Promise<void>>()

  /**
   * @param lastPart Number of the last part
   * @param request Requests the URLs of the parts `from` to `to`
   * @param nowMs Any clock in milliseconds
   */
  constructor(
    lastPart: number,
    request: (from: number, to: number) => Promise<SignedParts>,
    nowMs: () => number = Date.now,
  ) {
    this.#lastPart = lastPart
    this.#request = request
    this.#nowMs = nowMs
  }

  /** Returns a URL that has not expired. @throws what `request` throws */
  async get(partNumber: number): Promise<SignedPart> {
    const known = this.#urls.get(partNumber)
    if (known && known.untilMs > this.#nowMs()) return known.part
    await this.#requestBatch(partNumber)
    const renewed = this.#urls.get(partNumber)
    if (!renewed) throw new Error(`The server has signed no URL for part ${partNumber}`)
    return renewed.part
  }

  /** Drops all URLs, because the bucket has rejected one. */
  clear(): void {
    this.#urls.clear()
  }

  #requestBatch(partNumber: number): Promise<void> {
    // Batches start at fixed numbers, so that parts of the same batch share a request.
    const from = partNumber - ((partNumber - 1) % BATCH_SIZE)
    const pending = this.#pending.get(from)
    if (pending) return pending
    const requestedMs = this.#nowMs()
    const batch = this.#request(from, Math.min(from + BATCH_SIZE - 1, this.#lastPart))
      .then(({ parts, expiresIn }) => {
        // URLs that live shorter than the margin are used for half of their life.
        const usableSeconds = Math.max(expiresIn - MARGIN_SECONDS, expiresIn / 2)
        const untilMs = requestedMs + usableSeconds * 1000
        for (const part of parts) this.#urls.set(part.partNumber, { part, untilMs })
      })
      .finally(() => this.#pending.delete(from))
    this.#pending.set(from, batch)
    return batch
  }
}
