import { sleep } from '@oss-direct-upload/retry'
import { type ErrorKind, pageError } from './error-kind.ts'
import { UploadError } from './upload-error.ts'

/** Reads fail while a page is being left, and work again when the user comes back to it. */
const REREAD_DELAY_MS = 1000

/** The file of an upload, which may change or disappear on disk at any time. */
export class SourceFile {
  readonly data: Blob
  readonly #size: number
  readonly #lastModified: number | undefined
  /** First and last byte. Chromium asks another process whenever it slices a file, 0.7 ms each time. */
  #ends: readonly Blob[] | undefined
  #wasRead = false

  constructor(data: Blob) {
    this.data = data
    this.#size = data.size
    this.#lastModified = lastModifiedMs(data)
  }

  /**
   * Checks size, modification time, first and last byte. Chromium fails every read of a changed file,
   * and WebKit every stream of one. Firefox fails only reads behind the new end.
   *
   * @throws UploadError `fileChanged`, `fileMissing` or `fileUnreadable`
   */
  async check(): Promise<void> {
    if (this.data.size !== this.#size || lastModifiedMs(this.data) !== this.#lastModified) {
      throw new UploadError(pageError('fileChanged'))
    }
    if (this.#size === 0) return
    this.#ends ??= [this.data.slice(0, 1), this.data.slice(this.#size - 1, this.#size)]
    for (const end of this.#ends) await this.read(() => readByte(end))
    if (!failsChangedFiles()) await this.read(() => streamByte(this.data, this.#size - 1))
  }

  /**
   * Reads from the file, again after a while if that fails.
   *
   * @throws UploadError `fileChanged`, `fileMissing` or `fileUnreadable`
   */
  async read<T>(operation: () => Promise<T>): Promise<T> {
    const result = await operation()
      .catch(async () => {
        await sleep(REREAD_DELAY_MS)
        return operation()
      })
      .catch((error: unknown) => {
        throw error instanceof UploadError ? error : new UploadError(pageError(this.#kind(error)))
      })
    this.#wasRead = true
    return result
  }

  #kind(error: unknown): ErrorKind {
    if (error instanceof DOMException && error.name === 'NotFoundError') return 'fileMissing'
    // A stream failed where a read did not.
    if (error instanceof TypeError) return 'fileChanged'
    // Chromium reports a change and a lack of permission by the same NotReadableError.
    return this.#wasRead ? 'fileChanged' : 'fileUnreadable'
  }
}

/**
 * Returns whether reading a file fails once its modification time has changed. Chromium does that;
 * Firefox and WebKit return the new bytes. No API tells, so that any other browser counts as they do.
 */
export function failsChangedFiles(): boolean {
  return /Chrome\//.test(navigator.userAgent)
}

/** Returns the modification time in unix milliseconds, or `undefined` for what is no file on disk. */
export function lastModifiedMs(data: Blob): number | undefined {
  return data instanceof File ? data.lastModified : undefined
}

async function readByte(slice: Blob): Promise<void> {
  const { byteLength } = await slice.arrayBuffer().catch((error: unknown) => {
    const isUnclear = error instanceof DOMException && error.name === 'AbortError'
    if (isUnclear) return readWithFileReader(slice)
    // WebKit does not find a file that has another modification time.
    const isNotFound = error instanceof DOMException && error.name === 'NotFoundError'
    if (isNotFound && !failsChangedFiles()) throw new UploadError(pageError('fileChanged'))
    throw error
  })
  if (byteLength === 0) throw new UploadError(pageError('fileChanged'))
}

/** Reads a blob that Firefox fails to read by an AbortError; this way it tells the reason. */
function readWithFileReader(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as ArrayBuffer)
    reader.onerror = () => reject(reader.error)
    reader.readAsArrayBuffer(blob)
  })
}

/** Unlike `Blob.arrayBuffer`, a stream of WebKit has no zeros for bytes that a file no longer has. */
async function streamByte(data: Blob, offset: number): Promise<void> {
  const { byteLength } = await new Response(data.slice(offset, offset + 1)).arrayBuffer()
  if (byteLength === 0) throw new UploadError(pageError('fileChanged'))
}
