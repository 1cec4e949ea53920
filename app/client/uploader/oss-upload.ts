import {
  BasePlugin,
  type Body,
  type Meta,
  type PluginOpts,
  type Uppy,
  type UppyFile,
} from '@uppy/core'
import { describeFile, lastModifiedMs } from './file-description.ts'
import { PauseGate } from './multipart/pause-gate.ts'
import type { PostResult } from './post-form.ts'
import { Semaphore } from './semaphore.ts'
import { noResponse, UploadError } from './upload-error.ts'
import { type StoredFile, uploadWithRetries } from './upload-form.ts'
import type { UploadProgress } from './upload-progress.ts'

/** What the page is told of a file that is stored: `response.body` of Uppy's upload-success. */
export interface StoredBody extends Body, Pick<PostResult, 'reply' | 'callbackFailure'> {
  key: string
}

export interface OssUploadOptions extends PluginOpts {
  /** Where the signing server is. */
  serverUrl: string
  /** Asked before every signature. */
  accessCode: () => string | undefined
  /** Bytes from which on a file goes in parts; asked before every file. @default none does */
  partsFrom?: () => number | undefined
  /** Files sent at the same time; a browser opens six connections to one host. @default 4 */
  limit?: number
  /** Told of every step between start and end of a file. */
  onStep: (fileId: string, step: UploadProgress) => void
  /** The sentence that Uppy shows for an error. */
  explain: (error: unknown) => string
}

/** Parts sent at the same time, of all files together. */
const PARTS_AT_ONCE = 4

/** A file whose turn has come or is to come. */
interface Running {
  cancelled: AbortController
  gate: PauseGate
  /** Whether it counts among the files that are sent at the same time; paused ones do not. */
  holdsSlot: boolean
  isResuming: boolean
  /** Bytes. */
  sent: number
}

/** Uppy's uploader for OSS: each file is signed when its turn comes, and anew for every attempt. */
export class OssUpload<M extends Meta> extends BasePlugin<OssUploadOptions, M, StoredBody> {
  readonly #slots: Semaphore
  readonly #partSlots = new Semaphore(PARTS_AT_ONCE)
  readonly #running = new Map<string, Running>()

  constructor(uppy: Uppy<M, StoredBody>, options: OssUploadOptions) {
    super(uppy, options)
    this.id = 'OssUpload'
    this.type = 'uploader'
    this.#slots = new Semaphore(options.limit ?? 4)
  }

  override install(): void {
    this.uppy.addUploader(this.#upload)
    this.uppy.on('file-removed', this.#cancel)
  }

  override uninstall(): void {
    this.uppy.off('file-removed', this.#cancel)
    this.uppy.removeUploader(this.#upload)
  }

  #cancel = (file: UppyFile<M, StoredBody>): void => {
    this.#running.get(file.id)?.cancelled.abort()
  }

  #upload = async (ids: string[]): Promise<void> => {
    const files = ids.map((id) => this.uppy.getFile(id)).filter((file) => file && !file.error)
    this.uppy.emit('upload-start', files)
    await Promise.all(files.map((file) => this.#uploadFile(file)))
  }

  /** Holds a file that goes in parts back, and lets another one have its turn. */
  pause(id: string): void {
    const running = this.#running.get(id)
    if (running === undefined) return
    running.isResuming = false
    if (!running.gate.isPaused) running.gate.pause()
    if (running.holdsSlot) this.#slots.give()
    running.holdsSlot = false
    this.opts.onStep(id, { kind: 'paused' })
  }

  /** Goes on with a paused file once its turn has come. */
  async resume(id: string): Promise<void> {
    const running = this.#running.get(id)
    if (running === undefined || !running.gate.isPaused || running.isResuming) return
    running.isResuming = true
    this.opts.onStep(id, { kind: 'sending', sent: running.sent, canPause: true })
    await this.#slots.take()
    if (!running.isResuming || running.cancelled.signal.aborted) {
      this.#slots.give()
      return
    }
    running.isResuming = false
    running.holdsSlot = true
    running.gate.resume()
  }

  async #uploadFile(file: UppyFile<M, StoredBody>): Promise<void> {
    const { id } = file
    const cancelled = new AbortController()
    const gate = new PauseGate()
    const running: Running = { cancelled, gate, holdsSlot: false, isResuming: false, sent: 0 }
    this.#running.set(id, running)
    await this.#slots.take()
    running.holdsSlot = true
    try {
      // May have been removed while it waited for its turn.
      cancelled.signal.throwIfAborted()
      await this.#send(file, running)
    } catch (error) {
      if (!cancelled.signal.aborted) {
        const shown = new Error(this.opts.explain(error), { cause: error })
        this.uppy.emit('upload-error', this.uppy.getFile(id), shown)
      }
    } finally {
      if (running.holdsSlot) this.#slots.give()
      if (this.#running.get(id) === running) this.#running.delete(id)
    }
  }

  async #send(file: UppyFile<M, StoredBody>, running: Running): Promise<void> {
    const { id } = file
    const data = file.data as Blob
    const { key, status, reply, callbackFailure } = await this.#store(
      file,
      data,
      running,
      (step) => {
        if (step.kind === 'sending') running.sent = step.sent
        this.opts.onStep(id, step)
        if (step.kind === 'sending') this.#progress(id, step.sent, data.size)
      },
    )
    this.uppy.emit('upload-success', this.uppy.getFile(id), {
      status,
      body: { key, reply, ...(callbackFailure === undefined ? {} : { callbackFailure }) },
    })
  }

  async #store(
    file: UppyFile<M, StoredBody>,
    data: Blob,
    { cancelled, gate }: Running,
    onStep: (step: UploadProgress) => void,
  ): Promise<StoredFile> {
    const { serverUrl, accessCode } = this.opts
    const { signal } = cancelled
    const described = describeFile(file, data)
    const input = { serverUrl, accessCode, file: described, data, signal, onStep }
    if (data.size < (this.opts.partsFrom?.() ?? Number.POSITIVE_INFINITY)) {
      return uploadWithRetries(input)
    }
    const { browserPlatform, uploadMultipart } = await import('./multipart/index.ts').catch(() => {
      throw new UploadError(noResponse('server'))
    })
    const lastModified = lastModifiedMs(data)
    const platform = browserPlatform()
    return uploadMultipart({ ...input, lastModified, gate, slots: this.#partSlots, platform })
  }

  #progress(id: string, sent: number, total: number): void {
    const file = this.uppy.getFile(id)
    // Uppy takes no progress for a file that was at 100 % once, as a refused attempt may have been.
    if (sent === 0 && file.progress.percentage === 100) this.uppy.emit('upload-start', [file])
    this.uppy.emit('upload-progress', this.uppy.getFile(id), {
      uploadStarted: file.progress.uploadStarted ?? Date.now(),
      bytesUploaded: sent,
      bytesTotal: total,
    })
  }
}
