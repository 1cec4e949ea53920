import {
  BasePlugin,
  type Body,
  type Meta,
  type PluginOpts,
  type Uppy,
  type UppyFile,
} from '@uppy/core'
import { describeFile, type FileDescription } from './file-description.ts'
import type { FormSigner } from './form-signer.ts'
import { PauseGate } from './multipart/pause-gate.ts'
import { ProgressThrottle } from './progress-throttle.ts'
import { Semaphore } from './semaphore.ts'
import { SigningAhead } from './signing-ahead.ts'
import type { SigningServer } from './signing-client.ts'
import { CONNECTION_LIMIT, storeFile } from './store-file.ts'
import type { StoredFile } from './stored-file.ts'
import type { UploadProgress } from './upload-progress.ts'

/** `response.body` of Uppy's `upload-success`. */
export type StoredBody = Body & Omit<StoredFile, 'status'>

export interface OssUploadOptions extends PluginOpts, SigningServer {
  /** Returns the size in bytes from which files go in parts. @default no file does */
  multipartThreshold?: () => number | undefined
  /** Files sent at the same time; browsers open six connections to a host. @default 6 */
  limit?: number
  onProgress: (fileId: string, progress: UploadProgress) => void
  /** Returns the text that Uppy shows for an error. */
  errorText: (error: unknown) => string
}

interface ActiveUpload {
  cancel: AbortController
  gate: PauseGate
  /** Whether it counts towards the limit of files; a paused one does not. */
  hasSlot: boolean
  /** Whether it has been resumed and waits for a slot. */
  isResuming: boolean
  sentBytes: number
  progress: ProgressThrottle
}

/** Uppy plugin that uploads files to OSS, each signed when its turn comes. */
export class OssUpload<M extends Meta> extends BasePlugin<OssUploadOptions, M, StoredBody> {
  readonly #files: Semaphore
  readonly #connections = new Semaphore(CONNECTION_LIMIT)
  readonly #active = new Map<string, ActiveUpload>()
  /** Forms that have not started, in order. */
  readonly #waiting = new Set<FileDescription>()
  readonly #signer: FormSigner

  constructor(uppy: Uppy<M, StoredBody>, options: OssUploadOptions) {
    super(uppy, options)
    this.id = 'OssUpload'
    this.type = 'uploader'
    this.#files = new Semaphore(options.limit ?? CONNECTION_LIMIT)
    this.#signer = new SigningAhead(options, (count) => [...this.#waiting].slice(0, count))
  }

  override install(): void {
    this.uppy.addUploader(this.#upload)
    this.uppy.on('file-removed', this.#cancel)
  }

  override uninstall(): void {
    this.uppy.off('file-removed', this.#cancel)
    this.uppy.removeUploader(this.#upload)
  }

  /** Pauses a file that goes in parts and lets another one start. */
  pause(id: string): void {
    const upload = this.#active.get(id)
    if (upload === undefined) return
    upload.isResuming = false
    upload.gate.pause()
    if (upload.hasSlot) this.#files.release()
    upload.hasSlot = false
    upload.progress.report({ kind: 'paused' })
  }

  /** Resumes a paused file as soon as the limit of files allows. */
  async resume(id: string): Promise<void> {
    const upload = this.#active.get(id)
    if (upload === undefined || !upload.gate.isPaused || upload.isResuming) return
    upload.isResuming = true
    const { progress, sentBytes } = upload
    progress.report({ kind: 'sending', sentBytes, canPause: true })
    await this.#files.acquire()
    if (!upload.isResuming || upload.cancel.signal.aborted) {
      this.#files.release()
      return
    }
    upload.isResuming = false
    upload.hasSlot = true
    upload.gate.resume()
  }

  #cancel = (file: UppyFile<M, StoredBody>): void => {
    const upload = this.#active.get(file.id)
    // Uppy no longer knows the file.
    upload?.progress.close()
    upload?.cancel.abort()
  }

  #upload = async (ids: string[]): Promise<void> => {
    const files = ids.map((id) => this.uppy.getFile(id)).filter((file) => file && !file.error)
    this.uppy.emit('upload-start', files)
    await Promise.all(files.map((file) => this.#uploadFile(file)))
  }

  async #uploadFile(file: UppyFile<M, StoredBody>): Promise<void> {
    const { id } = file
    const upload: ActiveUpload = {
      cancel: new AbortController(),
      gate: new PauseGate(),
      hasSlot: false,
      isResuming: false,
      sentBytes: 0,
      progress: new ProgressThrottle((progress) => this.#onProgress(file, upload, progress)),
    }
    this.#active.set(id, upload)
    const data = file.data as Blob
    const description = describeFile(file, data)
    if (data.size < this.#multipartThreshold()) this.#waiting.add(description)
    await this.#files.acquire()
    this.#waiting.delete(description)
    upload.hasSlot = true
    try {
      upload.cancel.signal.throwIfAborted()
      const { status, ...body } = await this.#store(data, description, upload)
      this.uppy.emit('upload-success', this.uppy.getFile(id), { status, body })
    } catch (error) {
      if (!upload.cancel.signal.aborted) {
        const shown = new Error(this.opts.errorText(error), { cause: error })
        this.uppy.emit('upload-error', this.uppy.getFile(id), shown)
      }
    } finally {
      upload.progress.close()
      if (upload.hasSlot) this.#files.release()
      if (this.#active.get(id) === upload) this.#active.delete(id)
    }
  }

  #multipartThreshold(): number {
    return this.opts.multipartThreshold?.() ?? Number.POSITIVE_INFINITY
  }

  #store(
    data: Blob,
    file: FileDescription,
    { cancel, gate, progress }: ActiveUpload,
  ): Promise<StoredFile> {
    const { serverUrl, accessCode } = this.opts
    return storeFile({
      server: { serverUrl, accessCode },
      signer: this.#signer,
      file,
      data,
      multipartThreshold: this.#multipartThreshold(),
      signal: cancel.signal,
      gate,
      connectionLimit: this.#connections,
      onProgress: (report) => progress.report(report),
    })
  }

  #onProgress(
    { id, data }: UppyFile<M, StoredBody>,
    upload: ActiveUpload,
    progress: UploadProgress,
  ): void {
    this.opts.onProgress(id, progress)
    if (progress.kind !== 'sending') return
    const { sentBytes } = progress
    upload.sentBytes = sentBytes
    const file = this.uppy.getFile(id)
    // Uppy ignores progress of a file that has once been at 100 %, as in a failed attempt.
    if (sentBytes === 0 && file.progress.percentage === 100) this.uppy.emit('upload-start', [file])
    this.uppy.emit('upload-progress', this.uppy.getFile(id), {
      uploadStarted: file.progress.uploadStarted ?? Date.now(),
      bytesUploaded: sentBytes,
      bytesTotal: (data as Blob).size,
    })
  }
}
