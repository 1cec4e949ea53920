import {
  isFinished,
  type SigningServer,
  type Upload,
  Uploader,
  type UploaderEvent,
  type UploaderOptions,
} from '@oss-direct-upload/uploader'
import {
  BasePlugin,
  type Body,
  type Meta,
  type PluginOpts,
  type Uppy,
  type UppyFile,
} from '@uppy/core'

/** `response.body` of Uppy's `upload-success`. */
export type StoredBody = Body & {
  /** Object key. */
  key: string
  /** The application's response to OSS's callback; empty without a callback. */
  callbackReply: string
}

export interface OssUploadOptions
  extends PluginOpts,
    SigningServer,
    Pick<UploaderOptions, 'limit' | 'multipartThreshold' | 'store'> {
  /** Returns the text that Uppy shows for an error. @default its message */
  errorText?: (error: unknown) => string
}

/** Metadata of a file that stores it under a similar name when its own is taken. */
export const RENAME_META = { conflict: 'rename' } as const

/** Uppy plugin that hands Uppy's files to an uploader, and its events back to Uppy. */
export class OssUpload<M extends Meta> extends BasePlugin<OssUploadOptions, M, StoredBody> {
  readonly #uploader: Uploader
  /** Ids of Uppy's files by those of the uploader. */
  readonly #fileIds = new Map<number, string>()

  constructor(uppy: Uppy<M, StoredBody>, options: OssUploadOptions) {
    super(uppy, options)
    this.id = 'OssUpload'
    this.type = 'uploader'
    this.#uploader = new Uploader(options)
  }

  override install(): void {
    this.uppy.addUploader(this.#upload)
    this.uppy.on('file-removed', this.#remove)
  }

  override uninstall(): void {
    this.uppy.off('file-removed', this.#remove)
    this.uppy.removeUploader(this.#upload)
    this.#uploader.remove([...this.#fileIds.keys()])
  }

  /** Pauses a file that goes in parts, which lets another one start. @param fileId Uppy's */
  pause(fileId: string): void {
    for (const id of this.#idsOf(fileId)) this.#uploader.pause(id)
  }

  /** Resumes a paused file as soon as the limit of files allows. @param fileId Uppy's */
  resume(fileId: string): void {
    for (const id of this.#idsOf(fileId)) this.#uploader.resume(id)
  }

  #idsOf(fileId: string): number[] {
    return [...this.#fileIds].filter(([, each]) => each === fileId).map(([id]) => id)
  }

  #remove = (file: UppyFile<M, StoredBody>): void => {
    this.#uploader.remove(this.#idsOf(file.id))
  }

  #upload = async (fileIds: string[]): Promise<void> => {
    const files = fileIds
      .map((id) => this.uppy.getFile(id))
      .filter((file) => file !== undefined && !file.error)
    this.uppy.emit('upload-start', files)
    const uploads = this.#uploader.add(files.map(fileToUpload))
    for (const [index, { id }] of uploads.entries()) {
      this.#fileIds.set(id, files[index]?.id ?? '')
    }
    const ended = this.#untilEnded(new Set(uploads.map(({ id }) => id)))
    this.#uploader.start(uploads.map(({ id }) => id))
    await ended
  }

  /** Passes events of uploads on to Uppy until all have ended or are removed. */
  #untilEnded(left: Set<number>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    if (left.size === 0) resolve()
    const unsubscribe = this.#uploader.subscribe((event) => {
      for (const upload of uploadsOf(event)) {
        if (!left.has(upload.id)) continue
        if (event.kind === 'changed') this.#report(upload)
        if (event.kind === 'changed' && !isFinished(upload.state)) continue
        left.delete(upload.id)
        this.#fileIds.delete(upload.id)
        if (event.kind === 'changed') queueMicrotask(() => this.#uploader.remove([upload.id]))
      }
      if (left.size > 0) return
      unsubscribe()
      resolve()
    })
    return promise
  }

  #report({ id, state, size }: Upload): void {
    const file = this.uppy.getFile(this.#fileIds.get(id) ?? '')
    if (file === undefined) return
    if (state.kind === 'stored') {
      const { key, callbackReply, callbackError } = state
      const body = { key, callbackReply, ...(callbackError && { callbackError }) }
      this.uppy.emit('upload-success', file, { status: callbackError ? 203 : 200, body })
    } else if (state.kind === 'failed') {
      const { error } = state
      const message = error instanceof Error ? error.message : String(error)
      const text = this.opts.errorText?.(error) ?? message
      this.uppy.emit('upload-error', file, new Error(text, { cause: error }))
    } else if (state.kind === 'sending') {
      // Uppy ignores progress of a file that has once been at 100 %, as in a failed attempt.
      if (state.sentBytes === 0 && file.progress.percentage === 100) {
        this.uppy.emit('upload-start', [file])
      }
      this.uppy.emit('upload-progress', this.uppy.getFile(file.id), {
        uploadStarted: file.progress.uploadStarted ?? Date.now(),
        bytesUploaded: state.sentBytes,
        bytesTotal: size,
      })
    }
  }
}

function uploadsOf(event: UploaderEvent): readonly Upload[] {
  if (event.kind === 'changed') return [event.upload]
  return event.kind === 'removed' ? event.uploads : []
}

function fileToUpload<M extends Meta, B extends Body>({ name, type, data, meta }: UppyFile<M, B>) {
  const { relativePath, conflict }: Record<string, unknown> = meta
  const path = typeof relativePath === 'string' ? relativePath : ''
  const blob = data as Blob
  // Uppy's default for an unknown type.
  const isUnknown = blob.type === '' && type === 'application/octet-stream'
  return {
    name: path || name || 'file',
    type: isUnknown ? '' : (type ?? ''),
    data: blob,
    rename: conflict === RENAME_META.conflict,
  }
}
