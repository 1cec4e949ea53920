import { combineCrc64 } from '@oss-direct-upload/crc64/combine'
import { pageError } from '../error-kind.ts'
import { type RetryOptions, retryRequest } from '../retry-policy.ts'
import { SourceFile } from '../source-file.ts'
import { SpeedMeter } from '../speed-meter.ts'
import { isConnectionLost, UploadError } from '../upload-error.ts'
import type { MultipartInput } from './options.ts'
import type { StoredPart } from './part-list.ts'
import type { PartUrls } from './part-urls.ts'

/** Parts of one file that are sent at the same time. */
const CONCURRENCY = 4

/** How a file is divided into parts, and where they go. */
export interface PartPlan {
  /** Bytes of every part but the last. */
  partSize: number
  urls: PartUrls
  /** Returns a part that the bucket has; `undefined` when it has none or does not list parts. */
  findPart: (partNumber: number) => Promise<StoredPart | undefined>
}

/** Sends the missing parts of a file, several at a time, and verifies each by its checksum. */
export class PartQueue {
  readonly #input: MultipartInput
  readonly #plan: PartPlan
  readonly #onStored: (part: StoredPart) => void
  readonly #source: SourceFile
  readonly #numbers: readonly number[]
  readonly #checksums = new Map<number, Promise<bigint>>()
  readonly #stored = new Map<number, StoredPart>()
  /** Bytes of each part that is being sent. */
  readonly #sending = new Map<number, number>()
  readonly #speed = new SpeedMeter(performance.now())
  /** Bytes that have left the page, including those of failed attempts. */
  #sentBytes = 0
  #storedBytes = 0
  readonly #failed = new AbortController()

  /** @param onStored Called for each part that is stored, before anything else happens */
  constructor(input: MultipartInput, plan: PartPlan, onStored: (part: StoredPart) => void) {
    this.#input = input
    this.#plan = plan
    this.#onStored = onStored
    this.#source = new SourceFile(input.data)
    const count = Math.ceil(input.data.size / plan.partSize)
    this.#numbers = Array.from({ length: count }, (_, i) => i + 1)
  }

  /**
   * Sends all parts that are not stored. Reads those that are, and sends a part again when the file
   * differs from it.
   *
   * @param known Parts that were stored earlier
   * @returns All parts, in order
   * @throws UploadError of the last attempt
   */
  async send(known: readonly StoredPart[]): Promise<StoredPart[]> {
    for (const part of known) {
      const { partNumber, size, crc64 } = part
      const isPlanned = partNumber >= 1 && partNumber <= this.#numbers.length
      if (isPlanned && size === this.#slice(partNumber).size && crc64 !== '') this.#add(part)
    }
    const stored = this.#numbers.filter((n) => this.#stored.has(n))
    const missing = this.#numbers.filter((n) => !this.#stored.has(n))
    this.#report()
    await this.#allOrNone([this.#compare(stored, missing), ...this.#sendAll(missing)])
    // Parts that differ, if nothing was being sent any more when they were found.
    await this.#allOrNone(this.#sendAll(missing))
    return this.#numbers.map((n) => this.#stored.get(n) as StoredPart)
  }

  /**
   * Checks that the file is still the one whose parts are stored. Reads it again where the browser
   * does not fail reads of a changed file.
   *
   * @throws UploadError `fileChanged`, `fileMissing` or `fileUnreadable`
   */
  async checkFile(): Promise<void> {
    await this.#source.check()
    if (this.#input.platform.failsChangedFiles) return
    const crc64 = await this.#source.read(() => this.#input.platform.crc64(this.#input.data))
    const parts = this.#numbers.map((n) => this.#stored.get(n) as StoredPart)
    const stored = parts.reduce((crc, part) => combineCrc64(crc, BigInt(part.crc64), part.size), 0n)
    if (crc64 !== stored) throw new UploadError(pageError('fileChanged'))
  }

  /** Returns the CRC-64 of each part as it is in the file, in order. */
  checksums(): Promise<{ crc64: bigint; size: number }[]> {
    return Promise.all(
      this.#numbers.map(async (n) => ({
        crc64: await this.#crc64(n),
        size: this.#slice(n).size,
      })),
    )
  }

  /** Ends all tasks with the first that fails, and waits for them. */
  async #allOrNone(tasks: Promise<void>[]): Promise<void> {
    for (const task of tasks) task.catch((error) => this.#failed.abort(error))
    await Promise.allSettled(tasks)
    this.#input.signal.throwIfAborted()
    this.#failed.signal.throwIfAborted()
  }

  /** Moves the parts that differ from the file to those that are missing. */
  async #compare(stored: readonly number[], missing: number[]): Promise<void> {
    for (const n of stored) {
      this.#failed.signal.throwIfAborted()
      this.#input.signal.throwIfAborted()
      if (this.#stored.get(n)?.crc64 === String(await this.#crc64(n))) continue
      this.#stored.delete(n)
      this.#storedBytes -= this.#slice(n).size
      missing.push(n)
    }
  }

  #sendAll(missing: number[]): Promise<void>[] {
    return Array.from({ length: Math.min(CONCURRENCY, missing.length) }, async () => {
      for (let n = missing.shift(); n !== undefined; n = missing.shift()) await this.#sendPart(n)
    })
  }

  /** Sends a part, with retries and pauses. */
  async #sendPart(n: number): Promise<void> {
    const { gate, platform, onProgress } = this.#input
    const signal = AbortSignal.any([this.#input.signal, this.#failed.signal])
    const options: RetryOptions = {
      connection: platform.connection,
      signal,
      onStaleSignature: () => this.#plan.urls.clear(),
      explainSilence: () => this.#explainSilence(n, signal),
      onDelay: (reason) => {
        if (gate.isPaused) return
        if (reason === 'offline') onProgress({ kind: 'offline' })
        else if (this.#sending.size === 0) onProgress({ kind: 'retrying', ...reason })
      },
    }
    let mayBeStored = false
    await retryRequest(async () => {
      for (;;) {
        await gate.untilResumed(signal)
        if (mayBeStored && (await this.#isStored(n))) return
        const paused = gate.signal
        try {
          return await this.#attempt(n, AbortSignal.any([signal, paused]))
        } catch (error) {
          // Perhaps only the response was lost. Browsers report progress late.
          mayBeStored = (this.#sending.get(n) ?? 0) > 0
          this.#sending.delete(n)
          signal.throwIfAborted()
          if (paused.aborted) continue
          // A browser reports a file that it cannot read like a lost connection.
          if (error instanceof UploadError && isConnectionLost(error.details)) {
            await this.#source.check()
          }
          throw error
        }
      }
    }, options)
  }

  async #attempt(n: number, signal: AbortSignal): Promise<void> {
    const { connectionLimit, platform } = this.#input
    const part = this.#slice(n)
    await connectionLimit.acquire()
    try {
      signal.throwIfAborted()
      await this.#source.check()
      const { url } = await this.#plan.urls.get(n)
      signal.throwIfAborted()
      const unreadable = new AbortController()
      const onSent = (sentBytes: number): void => this.#onSent(n, sentBytes)
      const [{ etag, crc64: storedCrc64 }, crc64] = await Promise.all([
        platform.sendPart(url, part, onSent, AbortSignal.any([signal, unreadable.signal]), () =>
          this.#source.check(),
        ),
        this.#crc64(n).then(String, (error: unknown) => {
          unreadable.abort(error)
          throw error
        }),
      ])
      if (etag === undefined || storedCrc64 === undefined) {
        throw new UploadError(pageError('headersNotExposed'))
      }
      if (storedCrc64 !== crc64) {
        const isChanged = String(await this.#readCrc64(n)) !== crc64
        throw new UploadError(pageError(isChanged ? 'fileChanged' : 'checksumMismatch'))
      }
      this.#sending.delete(n)
      this.#store({ partNumber: n, etag, crc64, size: part.size })
    } finally {
      connectionLimit.release()
    }
    this.#report()
  }

  /** Looks a part up whose response was lost. */
  async #isStored(n: number): Promise<boolean> {
    const part = await this.#plan.findPart(n)
    const crc64 = String(await this.#crc64(n))
    if (part?.crc64 !== crc64 || part.size !== this.#slice(n).size) return false
    this.#store(part)
    this.#report()
    return true
  }

  #crc64(n: number): Promise<bigint> {
    const known = this.#checksums.get(n)
    if (known) return known
    const checksum = this.#readCrc64(n)
    this.#checksums.set(n, checksum)
    return checksum
  }

  #readCrc64(n: number): Promise<bigint> {
    return this.#source.read(() => this.#input.platform.crc64(this.#slice(n)))
  }

  #slice(n: number): Blob {
    const { partSize } = this.#plan
    return this.#input.data.slice((n - 1) * partSize, n * partSize)
  }

  #store(part: StoredPart): void {
    this.#onStored(part)
    this.#add(part)
  }

  #add(part: StoredPart): void {
    this.#stored.set(part.partNumber, part)
    this.#storedBytes += part.size
  }

  #onSent(n: number, sentBytes: number): void {
    this.#sentBytes += Math.max(0, sentBytes - (this.#sending.get(n) ?? 0))
    this.#sending.set(n, sentBytes)
    this.#report()
  }

  #report(): void {
    const { gate, onProgress, signal } = this.#input
    if (gate.isPaused || signal.aborted) return
    const sentBytes = [...this.#sending.values()].reduce(
      (sum, bytes) => sum + bytes,
      this.#storedBytes,
    )
    const bytesPerSecond = this.#speed.measure(this.#sentBytes, performance.now())
    onProgress({
      kind: 'sending',
      sentBytes,
      canPause: true,
      ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
    })
  }

  // Without CORS rules not even the first byte leaves the browser.
  async #explainSilence(n: number, signal: AbortSignal): Promise<void> {
    if (this.#sentBytes > 0) return
    const { url } = await this.#plan.urls.get(n)
    if (await this.#input.platform.connection.isReachable(new URL(url).origin, signal)) {
      throw new UploadError(pageError('corsMultipart'))
    }
  }
}
