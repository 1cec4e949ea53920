import { Worker } from 'node:worker_threads'
import type { WrittenFile } from './digest.ts'
import {
  BLOCK_BYTES,
  type Block,
  type PieceRequest,
  type SlotFailure,
  type SlotRequest,
} from './staging-request.ts'

/** Blocks of memory that are kept for the next large file. */
const KEPT = 6
/** Small files that may wait for the thread; with more, whoever has them is as fast himself. */
const SLOTS = 8
/** Bytes of a file that are hashed and written in less time than it takes to hand them over. */
const NOT_WORTH_IT = 32 * 1024

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
 * Works beside the thread that receives files. It hashes large ones, piece by piece: the MD5 of a
 * gigabyte takes as long as all the rest of it. Small ones it hashes and writes, which is half of
 * their upload. One thread for all files of the process, started when there is a first one.
 */
class StagingThread {
  readonly #blocks: Block[] = []
  /** It answers in the order that it is asked in. */
  readonly #waiting: Waiting[] = []
  /** The slots of small files; the system gives memory only for what is written to. */
  readonly #memory = new Uint8Array(new SharedArrayBuffer(SLOTS * BLOCK_BYTES))
  readonly #freeSlots = Array.from({ length: SLOTS }, (_, slot) => slot)
  #worker: Worker | undefined
  #isUp = false
  #files = 0
  /** Pieces of large files that it has not hashed yet. */
  #pieces = 0

  begin(): ThreadMd5 {
    this.#files += 1
    const id = this.#files
    this.#worker ??= this.#start()
    const worker = this.#worker
    return {
      update: async (bytes) => {
        this.#pieces += 1
        const asked = this.#ask(worker, { id, bytes })
        await asked.finally(() => {
          this.#pieces -= 1
        })
      },
      end: () => this.#ask(worker, { id }) as Promise<string>,
    }
  }

  /**
   * Writes a file of no more than BLOCK_BYTES, and has both its checksums.
   *
   * @param path Where there is no file yet; when it fails there may be a part of one
   * @param chunks Are read before this returns
   * @returns undefined when it is faster to do it oneself: the file is tiny, the thread is busy, or
   *   not up yet
   * @throws the system's error, or what has ended the thread
   */
  write(
    path: string,
    chunks: readonly Uint8Array[],
    size: number,
  ): Promise<WrittenFile> | undefined {
    if (size < NOT_WORTH_IT || this.#pieces > 0) return undefined
    this.#worker ??= this.#start()
    const slot = this.#isUp ? this.#freeSlots.pop() : undefined
    if (slot === undefined) return undefined
    let at = slot * BLOCK_BYTES
    for (const chunk of chunks) {
      this.#memory.set(chunk, at)
      at += chunk.length
    }
    const asked = this.#ask(this.#worker, { slot, size, path }) as Promise<
      WrittenFile | SlotFailure
    >
    return asked.then(writtenOrThrow).finally(() => void this.#freeSlots.push(slot))
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
    const url = new URL('./staging-worker.ts', import.meta.url)
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

function writtenOrThrow(answer: WrittenFile | SlotFailure): WrittenFile {
  if ('md5' in answer) return answer
  const { message, code } = answer
  throw Object.assign(new Error(message), { code })
}

/** The one of this process. */
export const stagingThread = new StagingThread()
