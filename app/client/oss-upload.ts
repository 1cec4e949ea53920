import {
  BasePlugin,
  type Body,
  type Meta,
  type PluginOpts,
  type Uppy,
  type UppyFile,
} from '@uppy/core'
import { uploadWithRetries } from './attempts.ts'
import type { FormReply } from './send-form.ts'
import type { FileToSign } from './sign.ts'
import { UploadSlots } from './upload-slots.ts'
import type { UploadStep } from './upload-step.ts'

/** Set on a file to have it stored beside an object of the same name. */
export const RENAME = { conflict: 'rename' } as const

/** What the page is told of a file that is stored: `response.body` of Uppy's upload-success. */
export interface StoredBody extends Body, Pick<FormReply, 'reply' | 'callbackFailure'> {
  key: string
}

export interface OssUploadOptions extends PluginOpts {
  /** Where the signing server is. */
  serverUrl: string
  /** Asked before every signature. */
  accessCode: () => string | undefined
  /** Files sent at the same time; a browser opens six connections to one host. @default 4 */
  limit?: number
  /** Told of every step between start and end of a file. */
  onStep: (fileId: string, step: UploadStep) => void
  /** The sentence that Uppy shows for an error. */
  explain: (error: unknown) => string
}

/** Uppy's uploader for OSS: each file is signed when its turn comes, and anew for every attempt. */
export class OssUpload<M extends Meta> extends BasePlugin<OssUploadOptions, M, StoredBody> {
  readonly #slots: UploadSlots
  readonly #running = new Map<string, AbortController>()

  constructor(uppy: Uppy<M, StoredBody>, options: OssUploadOptions) {
    super(uppy, options)
    this.id = 'OssUpload'
    this.type = 'uploader'
    this.#slots = new UploadSlots(options.limit ?? 4)
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
    this.#running.get(file.id)?.abort()
  }

  #upload = async (ids: string[]): Promise<void> => {
    const files = ids.map((id) => this.uppy.getFile(id)).filter((file) => file && !file.error)
    this.uppy.emit('upload-start', files)
    await Promise.all(files.map((file) => this.#uploadFile(file)))
  }

  async #uploadFile(file: UppyFile<M, StoredBody>): Promise<void> {
    const { id } = file
    const cancelled = new AbortController()
    this.#running.set(id, cancelled)
    await this.#slots.take()
    try {
      // May have been removed while it waited for its turn.
      cancelled.signal.throwIfAborted()
      await this.#send(file, cancelled.signal)
    } catch (error) {
      if (!cancelled.signal.aborted) {
        const shown = new Error(this.opts.explain(error), { cause: error })
        this.uppy.emit('upload-error', this.uppy.getFile(id), shown)
      }
    } finally {
      this.#slots.give()
      if (this.#running.get(id) === cancelled) this.#running.delete(id)
    }
  }

  async #send(file: UppyFile<M, StoredBody>, signal: AbortSignal): Promise<void> {
    const { id } = file
    const data = file.data as Blob
    const { key, status, reply, callbackFailure } = await uploadWithRetries({
      serverUrl: this.opts.serverUrl,
      accessCode: this.opts.accessCode,
      file: this.#described(file, data),
      data,
      signal,
      onStep: (step) => {
        this.opts.onStep(id, step)
        if (step.kind === 'sending') this.#progress(id, step.sent, data.size)
      },
    })
    this.uppy.emit('upload-success', this.uppy.getFile(id), {
      status,
      body: { key, reply, ...(callbackFailure === undefined ? {} : { callbackFailure }) },
    })
  }

  #described(file: UppyFile<M, StoredBody>, data: Blob): FileToSign {
    const meta: Record<string, unknown> = file.meta
    const path = typeof meta.relativePath === 'string' ? meta.relativePath : ''
    return {
      name: path || file.name || 'file',
      type: file.type ?? '',
      size: data.size,
      rename: meta.conflict === RENAME.conflict,
    }
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
