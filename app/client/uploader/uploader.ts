import type { FileDescription } from './file-description.ts'
import type { FormSigner } from './form-signer.ts'
import { PauseGate } from './multipart/pause-gate.ts'
import { ProgressThrottle } from './progress-throttle.ts'
import { Semaphore } from './semaphore.ts'
import { SigningAhead } from './signing-ahead.ts'
import type { SigningServer } from './signing-client.ts'
import { CONNECTION_LIMIT, storeFile } from './store-file.ts'
import { isActive, isFinished, type UploadState } from './upload-state.ts'
import { UploadTotals } from './upload-totals.ts'

/** A file to add. */
export interface FileToUpload {
  /** Name, with the folders before it if there are any. */
  name: string
  /** MIME type; empty when it is not known. */
  type: string
  data: Blob
  /** Whether to store it under a similar name when its own is taken. @default false */
  rename?: boolean
}

/** One file of the uploader's list. */
export interface Upload {
  readonly id: number
  /** Name, with the folders before it if there are any. */
  readonly name: string
  /** Bytes. */
  readonly size: number
  readonly data: Blob
  /** As it is described to the signing server. */
  readonly file: FileDescription
  readonly state: UploadState
  /** Bytes that have been sent in the present attempt. */
  readonly sentBytes: number
}

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

class QueuedUpload implements Upload {
  readonly id: number
  readonly name: string
  readonly data: Blob
  readonly size: number
  file: FileDescription
  state: UploadState = { kind: 'ready' }
  sentBytes = 0
  run: Run | undefined

  constructor(id: number, { name, type, data, rename = false }: FileToUpload) {
    this.id = id
    this.name = name
    this.data = data
    this.size = data.size
    // macOS has names in NFD.
    this.file = { name: name.normalize('NFC'), type, size: data.size, rename }
  }
}

/** An upload from its start to its end. */
interface Run {
  cancel: AbortController
  gate: PauseGate
  progress: ProgressThrottle
  /** Whether it counts towards the limit of files; a paused one does not. */
  hasSlot: boolean
  /** Only these can be paused while they are being sent. */
  isInParts: boolean
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
  /** Uploads in the order in which they start. Those that no longer wait are skipped. */
  #queue: QueuedUpload[] = []
  #queueStart = 0
  /** Resumed uploads, which go before those that have not started. */
  readonly #resumed: QueuedUpload[] = []
  readonly #running = new Set<QueuedUpload>()
  readonly #paused = new Set<QueuedUpload>()
  #slotsTaken = 0
  #lastId = 0
  #isPaused = false

  constructor(options: UploaderOptions) {
    this.#options = options
    this.#limit = options.limit ?? CONNECTION_LIMIT
    this.#store = options.store ?? storeFile
    this.#signer = new SigningAhead(options, (count) => this.#upcoming(count))
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
    this.#resumed.push(upload)
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
      const upload = this.#next()
      if (upload === undefined) return
      this.#slotsTaken += 1
      if (upload.run === undefined) void this.#run(upload)
      else this.#continue(upload, upload.run)
    }
  }

  #next(): QueuedUpload | undefined {
    for (let upload = this.#resumed.shift(); upload; upload = this.#resumed.shift()) {
      if (this.#isWaiting(upload)) return upload
    }
    while (this.#queueStart < this.#queue.length) {
      const upload = this.#queue[this.#queueStart] as QueuedUpload
      this.#queueStart += 1
      if (this.#isWaiting(upload) && upload.run === undefined) return upload
    }
    this.#queue = []
    this.#queueStart = 0
    return undefined
  }

  #upcoming(count: number): FileDescription[] {
    const files: FileDescription[] = []
    const threshold = this.#multipartThreshold()
    for (let i = this.#queueStart; i < this.#queue.length && files.length < count; i += 1) {
      const upload = this.#queue[i] as QueuedUpload
      if (this.#isWaiting(upload) && upload.size < threshold) files.push(upload.file)
    }
    return files
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
      progress: new ProgressThrottle((progress) => this.#change(upload, progress)),
      hasSlot: true,
      isInParts: upload.size >= this.#multipartThreshold(),
    }
    upload.run = run
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

  #continue(upload: QueuedUpload, run: Run): void {
    run.hasSlot = true
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
    if (run.hasSlot) this.#slotsTaken -= 1
  }

  #hold(upload: QueuedUpload): void {
    const { run } = upload
    if (run === undefined) return
    run.gate.pause()
    if (run.hasSlot) this.#slotsTaken -= 1
    run.hasSlot = false
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

function canPause({ state, run }: QueuedUpload): boolean {
  return run?.isInParts === true && ['sending', 'retrying', 'offline'].includes(state.kind)
}

function sentBytesIn(state: UploadState, before: number): number {
  if (state.kind === 'sending') return state.sentBytes
  return isActive(state) ? before : 0
}
