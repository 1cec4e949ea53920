import { blobCrc64 } from './blob-crc64.ts'
import type { ChecksumReply, ChecksumRequest } from './checksum-worker.ts'

/** Computes checksums in a worker, or in the page where workers are not allowed. */
export class ChecksumClient {
  readonly #pending = new Map<number, (crc64: bigint | undefined) => void>()
  #worker: Worker | undefined
  #lastId = 0

  constructor() {
    try {
      // Vite finds the worker by this expression and builds a separate file for it.
      this.#worker = new Worker(new URL('./checksum-worker.ts', import.meta.url), {
        type: 'module',
      })
      this.#worker.onmessage = ({ data }: MessageEvent<ChecksumReply>) => {
        this.#pending.get(data.id)?.(data.crc64)
        this.#pending.delete(data.id)
      }
      this.#worker.onerror = () => this.#stopWorker()
    } catch {
      this.#stopWorker()
    }
  }

  /** Returns the CRC-64 of a blob. @throws DOMException when it cannot be read */
  async crc64(blob: Blob): Promise<bigint> {
    const worker = this.#worker
    if (!worker) return blobCrc64(blob)
    this.#lastId += 1
    const id = this.#lastId
    const reply = new Promise<bigint | undefined>((resolve) => this.#pending.set(id, resolve))
    try {
      worker.postMessage({ id, blob } satisfies ChecksumRequest)
    } catch {
      this.#stopWorker()
    }
    // What fails in the worker is repeated here for its error.
    return (await reply) ?? blobCrc64(blob)
  }

  #stopWorker(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const resolve of this.#pending.values()) resolve(undefined)
    this.#pending.clear()
  }
}
