import type { FileDescription } from './file-description.ts'
import type { QueuedUpload } from './queued-upload.ts'

/** Uploads in the order in which they start. Those that no longer wait are skipped. */
export class UploadQueue {
  readonly #isWaiting: (upload: QueuedUpload) => boolean
  #uploads: QueuedUpload[] = []
  #start = 0
  /** Resumed uploads, which go before those that have not started. */
  readonly #resumed: QueuedUpload[] = []

  constructor(isWaiting: (upload: QueuedUpload) => boolean) {
    this.#isWaiting = isWaiting
  }

  push(upload: QueuedUpload): void {
    this.#uploads.push(upload)
  }

  pushResumed(upload: QueuedUpload): void {
    this.#resumed.push(upload)
  }

  next(): QueuedUpload | undefined {
    for (let upload = this.#resumed.shift(); upload; upload = this.#resumed.shift()) {
      if (this.#isWaiting(upload)) return upload
    }
    while (this.#start < this.#uploads.length) {
      const upload = this.#uploads[this.#start] as QueuedUpload
      this.#start += 1
      if (this.#isWaiting(upload) && upload.run === undefined) return upload
    }
    this.#uploads = []
    this.#start = 0
    return undefined
  }

  /** Returns up to `count` forms that start next. @param belowBytes Larger files go in parts */
  upcoming(count: number, belowBytes: number): FileDescription[] {
    const files: FileDescription[] = []
    for (let i = this.#start; i < this.#uploads.length && files.length < count; i += 1) {
      const upload = this.#uploads[i] as QueuedUpload
      if (this.#isWaiting(upload) && upload.size < belowBytes) files.push(upload.file)
    }
    return files
  }
}
