import { blobCrc64 } from './blob-crc64.ts'
import type { ChecksumReply, ChecksumRequest } from './checksum-worker.ts'

/** Checksums worked out beside the page, which stays free to answer its user. */
export class ChecksumClient {
  readonly #waiting = new Map<number, (crc64: bigint | undefined) => void>()
  #worker: Worker | undefined
  #next = 0

  constructor() {
    try {
      // In one expression: that is how the build knows a worker, and gives it a file of its own.
      this.#worker = new Worker(new URL('./checksum-worker.ts', import.meta.url), {
        type: 'module',
      })
      this.#worker.onmessage = ({ data }: MessageEvent<ChecksumReply>) => {
        this.#waiting.get(data.id)?.(data.crc64)
        this.#waiting.delete(data.id)
      }
      this.#worker.onerror = () => this.#giveUp()
    } catch {
      this.#giveUp()
    }
  }

  /** CRC-64 of a blob. @throws DOMException when it cannot be read */
  async of(blob: Blob): Promise<bigint> {
    const worker = this.#worker
    if (!worker) return blobCrc64(blob)
    this.#next += 1
    const id = this.#next
    const answer = new Promise<bigint | undefined>((resolve) => this.#waiting.set(id, resolve))
    worker.postMessage({ id, blob } satisfies ChecksumRequest)
    // Whatever went wrong there goes wrong here too, and tells what it was.
    return (await answer) ?? blobCrc64(blob)
  }

  // A page whose host forbids workers works it out itself, a block at a time.
  #giveUp(): void {
    this.#worker?.terminate()
    this.#worker = undefined
    for (const resolve of this.#waiting.values()) resolve(undefined)
    this.#waiting.clear()
  }
}
