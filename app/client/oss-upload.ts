import {
  BasePlugin,
  type Body,
  type Meta,
  type PluginOpts,
  type Uppy,
  type UppyFile,
} from '@uppy/core'
import { needsNewSignature, OssUploadError } from './oss-error.ts'
import { sendForm } from './send-form.ts'
import { signFile } from './sign.ts'

export interface OssUploadOptions extends PluginOpts {
  /** Where the signing server is. */
  serverUrl: string
  accessCode?: string
  /** Files sent at the same time; a browser opens six connections to one host. @default 4 */
  limit?: number
}

const ATTEMPTS = 4
const FIRST_PAUSE_MS = 1000

/** Uppy's uploader for OSS: each file is signed when its turn comes, and anew for every attempt. */
export class OssUpload<M extends Meta, B extends Body> extends BasePlugin<OssUploadOptions, M, B> {
  constructor(uppy: Uppy<M, B>, options: OssUploadOptions) {
    super(uppy, options)
    this.id = 'OssUpload'
    this.type = 'uploader'
  }

  override install(): void {
    this.uppy.addUploader(this.#upload)
  }

  override uninstall(): void {
    this.uppy.removeUploader(this.#upload)
  }

  #upload = async (ids: string[]): Promise<void> => {
    const waiting = ids.map((id) => this.uppy.getFile(id)).filter((file) => file && !file.error)
    this.uppy.emit('upload-start', waiting)
    const worker = async (): Promise<void> => {
      for (let file = waiting.shift(); file; file = waiting.shift()) {
        // Removed while it waited.
        if (this.uppy.getState().files[file.id]) await this.#uploadFile(file)
      }
    }
    await Promise.all(Array.from({ length: this.opts.limit ?? 4 }, worker))
  }

  async #uploadFile(file: UppyFile<M, B>): Promise<void> {
    const cancelled = new AbortController()
    const onRemoved = (removed: UppyFile<M, B>): void => {
      if (removed.id === file.id) cancelled.abort()
    }
    const onCancelAll = (): void => cancelled.abort()
    this.uppy.on('file-removed', onRemoved)
    this.uppy.on('cancel-all', onCancelAll)
    try {
      await this.#attempt(file, cancelled.signal)
    } catch (error) {
      if (!cancelled.signal.aborted) {
        this.uppy.emit('upload-error', this.uppy.getFile(file.id), error as Error)
      }
    } finally {
      this.uppy.off('file-removed', onRemoved)
      this.uppy.off('cancel-all', onCancelAll)
    }
  }

  async #attempt(file: UppyFile<M, B>, signal: AbortSignal): Promise<void> {
    const data = file.data as Blob
    const path = (file.meta as { relativePath?: string | null }).relativePath
    const name = path || file.name || 'file'
    for (let attempt = 1; ; attempt += 1) {
      try {
        const described = { name, type: file.type ?? '', size: data.size }
        const form = await signFile(this.opts.serverUrl, described, this.opts.accessCode, signal)
        const onProgress = (bytesUploaded: number): void => {
          this.uppy.emit('upload-progress', this.uppy.getFile(file.id), {
            uploadStarted: file.progress.uploadStarted ?? Date.now(),
            bytesUploaded,
            bytesTotal: data.size,
          })
        }
        const reply = await sendForm(form, data, file.name ?? 'file', onProgress, signal)
        this.uppy.emit('upload-success', this.uppy.getFile(file.id), {
          status: reply.status,
          body: { key: form.key, reply: reply.body } as unknown as B,
        })
        return
      } catch (error) {
        if (signal.aborted || attempt === ATTEMPTS || !isWorthRetrying(error)) throw error
        await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), signal)
      }
    }
  }
}

function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof OssUploadError)) return false
  const { status } = error.refusal
  return status === 0 || status === 429 || status >= 500 || needsNewSignature(error.refusal)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
