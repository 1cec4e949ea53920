import { Worker } from 'node:worker_threads'
import type { WrittenFile } from './digest.ts'
import * as staging from './staging-request.ts'

/** Blocks of memory that are reused for the next large file. */
const POOLED_BLOCKS = 6
/** Small files that the thread may have at a time. */
const SLOTS = 8
/** Files below this size are hashed and written faster than they are handed over. */
const MIN_BYTES = 32 * 1024

/** The MD5 of one large file, computed by the staging thread. */
export interface ThreadMd5 {
  /**
   * @param bytes Must not change until the promise is settled
   * @throws the error that ended the thread
   */
  update(bytes: staging.Block): Promise<void>
  /**
   * Must be called in any case: it frees the thread's memory of the file.
   *
   * @returns upper-case hex
   * @throws the error that ended the thread
   */
  end(): Promise<string>
}

/**
 * Hashes and writes files beside the main thread. The MD5 of 1 GB takes as long as the rest of its
 * upload; hashing and writing a file of 64 KB takes half of its upload. The process has one such
 * thread, which starts with the first file.
 */
class StagingThread {
  readonly #blocks: staging.Block[] = []
  /** Requests without an answer. The thread answers them in order. */
  readonly #pending: PromiseWithResolvers<unknown>[] = []
  readonly #memory = new Uint8Array(new SharedArrayBuffer(SLOTS * staging.BLOCK_BYTES))
  readonly #freeSlots = Array.from({ length: SLOTS }, (_, slot) => slot)
  #worker: Worker | undefined
  #isOnline = false
  #lastId = 0
  /** Blocks of large files that are not hashed yet. */
  #pendingBlocks = 0

  /** Starts the MD5 of a large file. */
  md5(): ThreadMd5 {
    this.#lastId += 1
    const id = this.#lastId
    this.#worker ??= this.#start()
    const worker = this.#worker
    return {
      update: async (bytes) => {
        this.#pendingBlocks += 1
        await this.#send(worker, { id, bytes }).finally(() => {
          this.#pendingBlocks -= 1
        })
      },
      end: () => this.#send(worker, { id }) as Promise<string>,
    }
  }

  /**
   * Writes and hashes a file of at most BLOCK_BYTES. A failure may leave an incomplete file.
   *
   * @param path Must not exist
   * @param chunks Are read before this returns
   * @returns undefined when the caller does it faster: the file is tiny, the thread is busy or not
   *   online yet
   * @throws the system's error, or the error that ended the thread
   */
  write(
    path: string,
    chunks: readonly Uint8Array[],
    size: number,
  ): Promise<WrittenFile> | undefined {
    if (size < MIN_BYTES || this.#pendingBlocks > 0) return undefined
    this.#worker ??= this.#start()
    const slot = this.#isOnline ? this.#freeSlots.pop() : undefined
    if (slot === undefined) return undefined
    let at = slot * staging.BLOCK_BYTES
    for (const chunk of chunks) {
      this.#memory.set(chunk, at)
      at += chunk.length
    }
    return (
      this.#send(this.#worker, { slot, size, path }) as Promise<
        WrittenFile | staging.SmallFileFailure
      >
    )
      .then(writtenOrThrow)
      .finally(() => void this.#freeSlots.push(slot))
  }

  /** Returns a block to fill. Give it back when nobody reads it any more. */
  takeBlock(): staging.Block {
    return this.#blocks.pop() ?? new Uint8Array(new SharedArrayBuffer(staging.BLOCK_BYTES))
  }

  giveBlock(block: staging.Block): void {
    if (this.#blocks.length < POOLED_BLOCKS) this.#blocks.push(block)
  }

  #send(
    worker: Worker,
    request: staging.BlockRequest | staging.SmallFileRequest,
  ): Promise<unknown> {
    // A new thread does not have the blocks that an earlier one has hashed.
    if (worker !== this.#worker) return Promise.reject(new Error('The staging thread has ended'))
    const pending = Promise.withResolvers<unknown>()
    worker.ref()
    this.#pending.push(pending)
    worker.postMessage(request)
    return pending.promise
  }

  #start(): Worker {
    const url = new URL('./staging-worker.ts', import.meta.url)
    const worker = new Worker(url, { workerData: this.#memory })
    worker.unref()
    worker.on('online', () => {
      this.#isOnline = true
    })
    worker.on('message', (answer: unknown) => {
      this.#pending.shift()?.resolve(answer)
      // An idle thread does not keep the process running.
      if (this.#pending.length === 0) worker.unref()
    })
    worker.on('error', (error) => {
      this.#worker = undefined
      this.#isOnline = false
      for (const { reject } of this.#pending.splice(0)) reject(error)
    })
    return worker
  }
}

function writtenOrThrow(answer: WrittenFile | staging.SmallFileFailure): WrittenFile {
  if ('md5' in answer) return answer
  const { message, code } = answer
  throw Object.assign(new Error(message), { code })
}

/** The staging thread of this process. */
export const stagingThread = new StagingThread()
