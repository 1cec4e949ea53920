import type { FormSigner } from './form-signer.ts'
import { PauseGate } from './multipart/pause-gate.ts'
import { ProgressThrottle } from './progress-throttle.ts'
import {
  canPause,
  type FileToUpload,
  QueuedUpload,
  type Run,
  sentBytesIn,
  type Upload,
} from './queued-upload.ts'
import { Semaphore } from './semaphore.ts'
import { SigningAhead } from './signing-ahead.ts'
import type { SigningServer } from './signing-client.ts'
import { CONNECTION_LIMIT, storeFile } from './store-file.ts'
import type { UploadProgress } from './upload-progress.ts'
import { UploadQueue } from './upload-queue.ts'
import { isActive, isFinished, type UploadState } from './upload-state.ts'
import { UploadTotals } from './upload-totals.ts'

/** What has happened to the list. */
export type UploaderEvent =
  | { kind: 'added'; uploads: readonly Upload[] }
  | { kind: 'changed'; upload: Upload; before: UploadState }
  | { kind: 'removed'; uploads: readonly Upload[] }
  /** All uploads are paused, or no longer. */
  | { kind: 'paused'; isPaused: boolean }

export interface UploaderOptions extends SigningServer {
  /** Returns the size in bytes from which files go in parts. @default no file does */
  multipartThreshold?: () => number | undefined
  /** Files that are sent at the same time; browsers open six connections to a host. @default 6 */
  limit?: number
  /** Uploads one file. @default as a form or in parts */
  store?: typeof storeFile
}

/**
 * Uploads files to OSS: a list of files, a queue, and events. Knows no framework. An event costs the
 * same however many files there are.
 */
export class Uploader {
  readonly totals = new UploadTotals()
  readonly #options: UploaderOptions
  readonly #limit: number
  readonly #store: typeof storeFile
  readonly #signer: FormSigner
  readonly #connections = new Semaphore(CONNECTION_LIMIT)
  readonly #uploads = new Map<number, QueuedUpload>()
  readonly #listeners = new Set<(event: UploaderEvent) => void>()
  readonly #queue = new UploadQueue((upload) => this.#isWaiting(upload))
  readonly #running = new Set<QueuedUpload>()
  readonly #paused = new Set<QueuedUpload>()
  #slotsTaken = 0
  /** Slots of uploads that wait for their next attempt; as many others may run meanwhile. */
  #lentSlots = 0
  #lastId = 0
  #isPaused = false

  constructor(options: UploaderOptions) {
    this.#options = options
    this.#limit = options.limit ?? CONNECTION_LIMIT
    this.#store = options.store ?? storeFile
    this.#signer = new SigningAhead(options, (count) =>
      this.#queue.upcoming(count, this.#multipartThreshold()),
    )
  }

  /** All files, in the order in which they were added. */
  get uploads(): Iterable<Upload> {
    return this.#uploads.values()
  }

  /** Whether all uploads are paused. */
  get isPaused(): boolean {
    return this.#isPaused
  }

  find(id: number): Upload | undefined {
    return this.#uploads.get(id)
  }

  /** Calls a function for every event. @returns A function that ends it */
  subscribe(listener: (event: UploaderEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Adds files, which wait for `start`. */
  add(files: Iterable<FileToUpload>): Upload[] {
    const uploads = Array.from(files, (file) => {
      this.#lastId += 1
      const upload = new QueuedUpload(this.#lastId, file)
      this.#uploads.set(upload.id, upload)
      this.totals.add(upload)
      return upload
    })
    if (uploads.length > 0) this.#emit({ kind: 'added', uploads })
    return uploads
  }

  /** Starts files that are ready. @param ids @default all of them */
  start(ids?: Iterable<number>): void {
    for (const upload of this.#select(ids)) if (upload.state.kind === 'ready') this.#enqueue(upload)
    this.#fill()
  }

  /** Uploads failed or cancelled files again. @param ids @default all that have failed */
  retry(ids?: Iterable<number>, { rename = false }: { rename?: boolean } = {}): void {
    for (const upload of this.#select(ids)) {
      const { kind } = upload.state
      if (kind !== 'failed' && !(kind === 'cancelled' && ids !== undefined)) continue
      if (rename) upload.file = { ...upload.file, rename }
      this.#enqueue(upload)
    }
    this.#fill()
  }

  /** Pauses one file, which lets another one start. One that is sent as a form is not paused. */
  pause(id: number): void {
    const upload = this.#uploads.get(id)
    if (upload === undefined) return
    if (upload.state.kind === 'waiting') {
      this.#change(upload, { kind: 'paused' })
      this.#fill()
    } else if (canPause(upload)) {
      this.#hold(upload)
      upload.run?.progress.report({ kind: 'paused' })
    }
  }

  /** Resumes a paused file as soon as the limit of files allows. */
  resume(id: number): void {
    const upload = this.#uploads.get(id)
    if (upload?.state.kind !== 'paused') return
    this.#queue.pushResumed(upload)
    this.#change(upload, { kind: 'waiting' })
    this.#fill()
  }

  /** Pauses the queue and every upload in parts. Forms that are being sent go on to their end. */
  pauseAll(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    for (const upload of this.#running) if (canPause(upload)) this.pause(upload.id)
    this.#emit({ kind: 'paused', isPaused: true })
  }

  /** Resumes the queue, and every upload that is paused. */
  resumeAll(): void {
    this.#isPaused = false
    for (const upload of [...this.#paused]) this.resume(upload.id)
    this.#emit({ kind: 'paused', isPaused: false })
    this.#fill()
  }

  /** Cancels a file that has started and not ended. */
  cancel(id: number): void {
    const upload = this.#uploads.get(id)
    if (upload === undefined || !isActive(upload.state)) return
    upload.run?.cancel.abort()
    this.#stop(upload)
    this.#change(upload, { kind: 'cancelled' })
    this.#fill()
  }

  /** Cancels every file that has started and not ended. */
  cancelAll(): void {
    // Nothing starts in between.
    const wasPaused = this.#isPaused
    this.#isPaused = true
    for (const upload of this.#uploads.values()) this.cancel(upload.id)
    this.#isPaused = false
    if (wasPaused) this.#emit({ kind: 'paused', isPaused: false })
  }

  /** Removes files from the list; those that are being sent are cancelled. */
  remove(ids: Iterable<number>): void {
    const uploads: QueuedUpload[] = []
    for (const upload of this.#select(ids)) {
      upload.run?.cancel.abort()
      this.#stop(upload)
      this.totals.remove(upload)
      this.#paused.delete(upload)
      this.#uploads.delete(upload.id)
      uploads.push(upload)
    }
    if (uploads.length > 0) this.#emit({ kind: 'removed', uploads })
    this.#fill()
  }

  /** Removes the files whose uploads have ended. */
  removeFinished(): void {
    const finished = [...this.#uploads.values()].filter(({ state }) => isFinished(state))
    this.remove(finished.map(({ id }) => id))
  }

  #select(ids: Iterable<number> | undefined): QueuedUpload[] {
    if (ids === undefined) return [...this.#uploads.values()]
    return Array.from(ids, (id) => this.#uploads.get(id)).filter((upload) => upload !== undefined)
  }

  #enqueue(upload: QueuedUpload): void {
    this.#queue.push(upload)
    this.#change(upload, { kind: 'waiting' })
  }

  /** Starts uploads until the limit is reached. */
  #fill(): void {
    while (!this.#isPaused && this.#slotsTaken < this.#limit) {
      const upload = this.#queue.next()
      if (upload === undefined) return
      if (upload.run === undefined) void this.#run(upload)
      else this.#continue(upload, upload.run)
    }
  }

  #isWaiting(upload: QueuedUpload): boolean {
    return upload.state.kind === 'waiting' && this.#uploads.has(upload.id)
  }

  #multipartThreshold(): number {
    return this.#options.multipartThreshold?.() ?? Number.POSITIVE_INFINITY
  }

  async #run(upload: QueuedUpload): Promise<void> {
    const { serverUrl, accessCode } = this.#options
    const run: Run = {
      cancel: new AbortController(),
      gate: new PauseGate(),
      progress: new ProgressThrottle((progress) => this.#onProgress(upload, run, progress)),
      hasSlot: true,
      hasLentSlot: false,
      isInParts: upload.size >= this.#multipartThreshold(),
    }
    upload.run = run
    this.#slotsTaken += 1
    this.#running.add(upload)
    const { signal } = run.cancel
    run.progress.report({ kind: 'sending', sentBytes: 0 })
    let result: UploadState
    try {
      const { status: _, ...stored } = await this.#store({
        server: { serverUrl, accessCode },
        signer: this.#signer,
        file: upload.file,
        data: upload.data,
        multipartThreshold: this.#multipartThreshold(),
        signal,
        gate: run.gate,
        connectionLimit: this.#connections,
        onProgress: (progress) => run.progress.report(progress),
        onStored: () => {
          this.#setSlot(run, false)
          this.#fill()
        },
      })
      result = { kind: 'stored', ...stored }
    } catch (error) {
      result = { kind: 'failed', error }
    }
    // A cancelled one may have started again.
    if (upload.run === run) {
      this.#stop(upload)
      this.#change(upload, result)
    }
    this.#fill()
  }

  #onProgress(upload: QueuedUpload, run: Run, progress: UploadProgress): void {
    if (progress.kind !== 'retrying' && run.hasLentSlot) {
      this.#lentSlots -= 1
      run.hasLentSlot = false
      // Connections are limited elsewhere, so that one file more for a while does no harm.
      if (progress.kind !== 'paused') this.#setSlot(run, true)
    }
    this.#change(upload, progress)
    if (progress.kind === 'retrying' && run.hasSlot && this.#lentSlots < this.#limit) {
      this.#lentSlots += 1
      run.hasLentSlot = true
      this.#setSlot(run, false)
      this.#fill()
    }
  }

  #setSlot(run: Run, hasSlot: boolean): void {
    if (run.hasSlot !== hasSlot) this.#slotsTaken += hasSlot ? 1 : -1
    run.hasSlot = hasSlot
  }

  #continue(upload: QueuedUpload, run: Run): void {
    this.#setSlot(run, true)
    run.gate.resume()
    run.progress.report({ kind: 'sending', sentBytes: upload.sentBytes, canPause: true })
  }

  /** Ends the run of an upload, if there is one, and frees its slot. */
  #stop(upload: QueuedUpload): void {
    const { run } = upload
    if (run === undefined) return
    upload.run = undefined
    this.#running.delete(upload)
    run.progress.close()
    if (run.hasLentSlot) this.#lentSlots -= 1
    run.hasLentSlot = false
    this.#setSlot(run, false)
  }

  #hold(upload: QueuedUpload): void {
    const { run } = upload
    if (run === undefined) return
    run.gate.pause()
    this.#setSlot(run, false)
    this.#fill()
  }

  #change(upload: QueuedUpload, state: UploadState): void {
    const { state: before, sentBytes, size } = upload
    upload.state = state
    upload.sentBytes = sentBytesIn(state, sentBytes)
    const isSent = state.kind === 'stored'
    this.totals.onSent((isSent ? size : upload.sentBytes) - sentBytes)
    this.totals.add(upload)
    this.totals.remove({ state: before, sentBytes, size })
    if (before.kind === 'paused') this.#paused.delete(upload)
    if (state.kind === 'paused') this.#paused.add(upload)
    this.#emit({ kind: 'changed', upload, before })
  }

  #emit(event: UploaderEvent): void {
    for (const listener of this.#listeners) listener(event)
  }
}
