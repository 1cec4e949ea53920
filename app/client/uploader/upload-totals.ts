import { SpeedMeter } from './speed-meter.ts'
import { isActive, type UploadKind, type UploadState } from './upload-state.ts'

/** Number of files and their bytes. */
export interface FileTotal {
  files: number
  bytes: number
}

/** The part of an upload that the totals need. */
export interface CountedUpload {
  /** Bytes. */
  size: number
  state: UploadState
  /** Bytes that have been sent in the present attempt. */
  sentBytes: number
}

/**
 * Counts the uploads of a list by state. Each change costs the same, however many uploads there are.
 */
export class UploadTotals {
  readonly #byKind = new Map<UploadKind, FileTotal>()
  /** Bytes that active uploads have sent. */
  #activeBytes = 0
  /** Bytes that have left the page, including those of failed attempts. */
  #sentBytes = 0
  readonly #nowMs: () => number
  #speed: SpeedMeter | undefined
  #active = 0

  /** @param nowMs Any steady clock in milliseconds */
  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs
  }

  /** Returns the uploads in any of the states. */
  of(...kinds: UploadKind[]): FileTotal {
    let files = 0
    let bytes = 0
    for (const kind of kinds) {
      files += this.#byKind.get(kind)?.files ?? 0
      bytes += this.#byKind.get(kind)?.bytes ?? 0
    }
    return { files, bytes }
  }

  /** Number of uploads that have started and not ended. */
  get active(): number {
    return this.#active
  }

  /** Every upload that was started and is not cancelled. */
  get started(): FileTotal {
    let files = 0
    let bytes = 0
    for (const [kind, total] of this.#byKind) {
      if (kind === 'ready' || kind === 'cancelled') continue
      files += total.files
      bytes += total.bytes
    }
    return { files, bytes }
  }

  /** Bytes that are stored, or sent by active uploads. */
  get sentBytes(): number {
    return this.of('stored').bytes + this.#activeBytes
  }

  /** Bytes that active uploads still have to send. */
  get remainingBytes(): number {
    return this.started.bytes - this.of('failed').bytes - this.sentBytes
  }

  /** Bytes per second over all uploads; `undefined` while nothing is active or it is not known. */
  get bytesPerSecond(): number | undefined {
    return this.#speed?.measure(this.#sentBytes, this.#nowMs())
  }

  add({ size, state, sentBytes }: CountedUpload): void {
    this.#count(state, size, sentBytes, 1)
  }

  remove({ size, state, sentBytes }: CountedUpload): void {
    this.#count(state, size, sentBytes, -1)
  }

  /** Call after bytes have been sent. */
  onSent(bytes: number): void {
    this.#sentBytes += Math.max(0, bytes)
  }

  #count(state: UploadState, size: number, sentBytes: number, by: 1 | -1): void {
    const total = this.#byKind.get(state.kind) ?? { files: 0, bytes: 0 }
    total.files += by
    total.bytes += by * size
    this.#byKind.set(state.kind, total)
    if (!isActive(state)) return
    this.#active += by
    this.#activeBytes += by * sentBytes
    if (this.#active === 0) {
      this.#speed = undefined
    } else if (this.#speed === undefined) {
      this.#sentBytes = 0
      this.#speed = new SpeedMeter(this.#nowMs())
    }
  }
}
