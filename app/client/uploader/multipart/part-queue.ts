import { type RetryOptions, retryRequest } from '../retry-policy.ts'
import { SpeedMeter } from '../speed-meter.ts'
import { noResponse, UploadError } from '../upload-error.ts'
import type { MultipartInput } from './options.ts'
import type { PartUrls } from './part-urls.ts'
import type { StoredPart } from './presigned-request.ts'

const LANES = 4

/** The plan of a file's parts. */
export interface PartPlan {
  /** Bytes of every part but the last. */
  partSize: number
  urls: PartUrls
  /** Asks the bucket for one part; undefined when it has none, or does not tell. */
  lookUp: (partNumber: number) => Promise<StoredPart | undefined>
}

/** Sends what is missing of a file, several parts at a time, and checks each against its answer. */
export class PartQueue {
  readonly #input: MultipartInput
  readonly #plan: PartPlan
  readonly #onPart: (part: StoredPart) => void
  readonly #count: number
  readonly #checksums = new Map<number, Promise<bigint>>()
  readonly #stored = new Map<number, StoredPart>()
  /** Bytes of each part that is under way. */
  readonly #flying = new Map<number, number>()
  readonly #meter = new SpeedMeter(performance.now())
  /** Bytes that went out, those of parts that had to be sent again too. */
  #sent = 0
  /** Bytes of the parts that have arrived. */
  #there = 0
  readonly #failed = new AbortController()

  /** @param onPart Told of each part that has arrived, before anything else is done */
  constructor(input: MultipartInput, plan: PartPlan, onPart: (part: StoredPart) => void) {
    this.#input = input
    this.#plan = plan
    this.#onPart = onPart
    this.#count = Math.ceil(input.data.size / plan.partSize)
  }

  /**
   * Sends every part that is not known to have arrived. Those that are known are read and compared:
   * one that differs, as the file has changed since, is sent again.
   *
   * @param known Parts that arrived earlier
   * @returns Every part, in order
   * @throws UploadRefusedError when trying is of no use any more
   */
  async send(known: readonly StoredPart[]): Promise<StoredPart[]> {
    for (const part of known) {
      const fits = part.partNumber >= 1 && part.partNumber <= this.#count
      if (fits && part.size === this.#slice(part.partNumber).size && part.crc64 !== '') {
        this.#keep(part)
      }
    }
    const numbers = Array.from({ length: this.#count }, (_, i) => i + 1)
    const [there, missing] = [
      numbers.filter((n) => this.#stored.has(n)),
      numbers.filter((n) => !this.#stored.has(n)),
    ]
    this.#tell()
    await this.#all([this.#compare(there, missing), ...this.#lanes(missing)])
    // What the comparison found once the lanes had run dry.
    await this.#all(this.#lanes(missing))
    return numbers.map((n) => this.#stored.get(n) as StoredPart)
  }

  /** CRC-64 of each part as it is in the file, in order. */
  async checksums(): Promise<{ crc64: bigint; size: number }[]> {
    const numbers = Array.from({ length: this.#count }, (_, i) => i + 1)
    return Promise.all(
      numbers.map(async (n) => ({ crc64: await this.#checksum(n), size: this.#slice(n).size })),
    )
  }

  // The first failure ends the others; all have ended when this has.
  async #all(work: Promise<void>[]): Promise<void> {
    for (const each of work) each.catch((error) => this.#failed.abort(error))
    await Promise.allSettled(work)
    this.#input.signal.throwIfAborted()
    this.#failed.signal.throwIfAborted()
  }

  async #compare(there: readonly number[], differing: number[]): Promise<void> {
    for (const n of there) {
      this.#failed.signal.throwIfAborted()
      this.#input.signal.throwIfAborted()
      const crc64 = String(await this.#checksum(n))
      if (this.#stored.get(n)?.crc64 === crc64) continue
      this.#stored.delete(n)
      this.#there -= this.#slice(n).size
      differing.push(n)
    }
  }

  #lanes(queue: number[]): Promise<void>[] {
    return Array.from({ length: Math.min(LANES, queue.length) }, async () => {
      for (let n = queue.shift(); n !== undefined; n = queue.shift()) await this.#deliver(n)
    })
  }

  async #deliver(n: number): Promise<void> {
    const { gate, platform, onStep } = this.#input
    const signal = AbortSignal.any([this.#input.signal, this.#failed.signal])
    const persistence: RetryOptions = {
      connection: platform.connection,
      signal,
      onStale: () => this.#plan.urls.drop(),
      explainSilence: () => this.#explainSilence(n, signal),
      onWait: (why) => {
        if (gate.isPaused) return
        if (why === 'offline') onStep({ kind: 'offline' })
        else if (this.#flying.size === 0) onStep({ kind: 'retrying', ...why })
      },
    }
    let isUncertain = false
    await retryRequest(persistence, async () => {
      for (;;) {
        await gate.pass(signal)
        if (isUncertain && (await this.#hasArrived(n))) return
        const paused = gate.signal
        try {
          return await this.#sendOnce(n, AbortSignal.any([signal, paused]))
        } catch (error) {
          // It may have arrived, and only the answer was lost: a browser tells late what went out.
          isUncertain = (this.#flying.get(n) ?? 0) > 0
          this.#flying.delete(n)
          signal.throwIfAborted()
          if (paused.aborted) continue
          await this.#checkReadable(n, error)
          throw error
        }
      }
    })
  }

  async #sendOnce(n: number, signal: AbortSignal): Promise<void> {
    const { slots, platform } = this.#input
    const part = this.#slice(n)
    await slots.take()
    try {
      signal.throwIfAborted()
      const { url } = await this.#plan.urls.get(n)
      signal.throwIfAborted()
      const unreadable = new AbortController()
      const onProgress = (loaded: number): void => this.#progress(n, loaded, part.size)
      const [reply, crc64] = await Promise.all([
        platform.sendPart(url, part, onProgress, AbortSignal.any([signal, unreadable.signal])),
        this.#checksum(n).then(String, (error: unknown) => {
          unreadable.abort(error)
          throw error
        }),
      ])
      if (reply.etag === undefined || reply.crc64 === undefined) {
        throw new UploadError({ ...noResponse('bucket'), code: 'HeadersHidden' })
      }
      if (reply.crc64 !== crc64) {
        throw new UploadError({ ...noResponse('bucket'), code: 'PartDamaged' })
      }
      const stored = { partNumber: n, etag: reply.etag, crc64, size: part.size }
      this.#onPart(stored)
      this.#flying.delete(n)
      this.#keep(stored)
    } finally {
      slots.give()
    }
    this.#tell()
  }

  async #hasArrived(n: number): Promise<boolean> {
    const part = await this.#plan.lookUp(n)
    const crc64 = String(await this.#checksum(n))
    if (part?.crc64 !== crc64 || part.size !== this.#slice(n).size) return false
    this.#onPart(part)
    this.#keep(part)
    this.#tell()
    return true
  }

  #checksum(n: number): Promise<bigint> {
    const known = this.#checksums.get(n)
    if (known) return known
    const { platform } = this.#input
    const checksum = platform.checksum(this.#slice(n)).catch(() => {
      throw new UploadError({ ...noResponse('bucket'), code: 'FileChanged' })
    })
    this.#checksums.set(n, checksum)
    return checksum
  }

  #slice(n: number): Blob {
    const { partSize } = this.#plan
    return this.#input.data.slice((n - 1) * partSize, n * partSize)
  }

  #keep(part: StoredPart): void {
    this.#stored.set(part.partNumber, part)
    this.#there += part.size
  }

  #progress(n: number, loaded: number, size: number): void {
    const sent = Math.min(loaded, size)
    this.#sent += Math.max(0, sent - (this.#flying.get(n) ?? 0))
    this.#flying.set(n, sent)
    this.#tell()
  }

  #tell(): void {
    const { gate, onStep, signal } = this.#input
    if (gate.isPaused || signal.aborted) return
    const under = [...this.#flying.values()].reduce((sum, bytes) => sum + bytes, 0)
    const speed = this.#meter.measure(this.#sent, performance.now())
    const sent = this.#there + under
    onStep({ kind: 'sending', sent, canPause: true, ...(speed === undefined ? {} : { speed }) })
  }

  // A browser tells the same of a lost connection and of a file that is not what it was.
  async #checkReadable(n: number, error: unknown): Promise<void> {
    if (!(error instanceof UploadError) || error.details.status !== 0) return
    await this.#slice(n)
      .slice(0, 1)
      .arrayBuffer()
      .catch(() => {
        throw new UploadError({ ...noResponse('bucket'), code: 'FileChanged' })
      })
  }

  // Without rules for parts not even the first byte is let out.
  async #explainSilence(n: number, signal: AbortSignal): Promise<void> {
    const { platform } = this.#input
    if (this.#sent > 0) return
    const { url } = await this.#plan.urls.get(n)
    if (await platform.isBucketReachable(new URL(url).origin, signal)) {
      throw new UploadError({ ...noResponse('bucket'), code: 'CorsNotSetForParts' })
    }
  }
}
