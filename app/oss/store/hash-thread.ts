import { Worker } from 'node:worker_threads'
import type { Digest } from './digest.ts'

/** Bytes that are hashed at a time. */
export const BLOCK_BYTES = 1024 * 1024

/** Blocks of memory that are kept for the next large file. */
const KEPT = 6
/** Small files that may wait for the thread; with more, whoever has them is as fast himself. */
const SLOTS = 8
/** Bytes of a file that are hashed in less time than it takes to hand them over. */
const NOT_WORTH_IT = 32 * 1024

/** A piece of a large file to be hashed; without one, the file's MD5 is asked for. */
export interface PieceRequest {
  /** Of the file. */
  id: number
  bytes?: Uint8Array
}

/** A small file, both of whose checksums are asked for. */
export interface SlotRequest {
  /** Which BLOCK_BYTES of the memory that the thread began with. */
  slot: number
  size: number
}

/** Memory that both threads see. */
export type Block = Uint8Array<SharedArrayBuffer>

/** One large file that is hashed by the other thread. */
export interface ThreadMd5 {
  /**
   * @param bytes Must stay as they are until it is done
   * @throws what has ended the thread
   */
  update(bytes: Block): Promise<void>
  /**
   * To be called in any case, or the thread goes on waiting for more.
   *
   * @returns Upper-case hex
   * @throws like `update`
   */
  end(): Promise<string>
}

interface Waiting {
  resolve: (answer: unknown) => void
  reject: (error: unknown) => void
}

/**
 * Hashes files beside the thread that receives them: the MD5 of a gigabyte takes as long as all the
 * rest of it, that of 64 KB a sixth of its upload. One thread for all files of the process, started
 * when there is a first one.
 */
class HashThread {
  readonly #blocks: Block[] = []
  /** It answers in the order that it is asked in. */
  readonly #waiting: Waiting[] = []
  /** The slots of small files; the system gives memory only for what is written to. */
  readonly #memory = new Uint8Array(new SharedArrayBuffer(SLOTS * BLOCK_BYTES))
  readonly #freeSlots = Array.from({ length: SLOTS }, (_, slot) => slot)
  #worker: Worker | undefined
  #isUp = false
  #files = 0

  begin(): ThreadMd5 {
    this.#files += 1
    const id = this.#files
    this.#worker ??= this.#start()
    const worker = this.#worker
    return {
      update: async (bytes) => void (await this.#ask(worker, { id, bytes })),
      end: () => this.#ask(worker, { id }) as Promise<string>,
    }
  }

  /**
   * Both checksums of a file of no more than BLOCK_BYTES.
   *
   * @param chunks Are read before this returns
   * @returns undefined when it is faster to do it oneself: the file is tiny, the thread is busy, or
   *   not up yet
   * @throws what has ended the thread
   */
  digest(chunks: readonly Uint8Array[], size: number): Promise<Digest> | undefined {
    if (size < NOT_WORTH_IT) return undefined
    this.#worker ??= this.#start()
    const slot = this.#isUp ? this.#freeSlots.pop() : undefined
    if (slot === undefined) return undefined
    let at = slot * BLOCK_BYTES
    for (const chunk of chunks) {
      this.#memory.set(chunk, at)
      at += chunk.length
    }
    const asked = this.#ask(this.#worker, { slot, size }) as Promise<Digest>
    return asked.finally(() => void this.#freeSlots.push(slot))
  }

  /** A block to be filled; to be given back when nobody reads it any more. */
  takeBlock(): Block {
    return this.#blocks.pop() ?? new Uint8Array(new SharedArrayBuffer(BLOCK_BYTES))
  }

  giveBlock(block: Block): void {
    if (this.#blocks.length < KEPT) this.#blocks.push(block)
  }

  #ask(worker: Worker, request: PieceRequest | SlotRequest): Promise<unknown> {
    // Another one knows nothing of what this file began with.
    if (worker !== this.#worker) return Promise.reject(new Error('The hashing thread has ended'))
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    worker.ref()
    this.#waiting.push({ resolve, reject })
    worker.postMessage(request)
    return promise
  }

  #start(): Worker {
    const url = new URL('./hash-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: this.#memory })
    worker.unref()
    worker.on('online', () => {
      this.#isUp = true
    })
    worker.on('message', (answer: unknown) => {
      this.#waiting.shift()?.resolve(answer)
      // Idle, it is no reason for the process to go on.
      if (this.#waiting.length === 0) worker.unref()
    })
    worker.on('error', (error) => {
      this.#worker = undefined
      this.#isUp = false
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    })
    return worker
  }
}

/** The one of this process. */
export const hashThread = new HashThread()
