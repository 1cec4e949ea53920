import { Worker } from 'node:worker_threads'

/** Bytes that are hashed at a time. */
export const BLOCK_BYTES = 1024 * 1024

/** Blocks of memory that are kept for the next file. */
const KEPT = 6

/** A piece of a file to be hashed; without one, the file's MD5 is asked for. */
export interface Md5Request {
  /** Of the file. */
  id: number
  bytes?: Uint8Array
}

/** Memory that both threads see. */
export type Block = Uint8Array<SharedArrayBuffer>

/** One file that is hashed by the other thread. */
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
  resolve: (md5: string) => void
  reject: (error: unknown) => void
}

/**
 * Hashes large files beside the thread that receives them: the MD5 of a gigabyte takes as long as
 * all the rest of it. One thread for all files of the process, started when there is a first one.
 */
class Md5Thread {
  readonly #blocks: Block[] = []
  /** It answers in the order that it is asked in. */
  readonly #waiting: Waiting[] = []
  #worker: Worker | undefined
  #files = 0

  begin(): ThreadMd5 {
    this.#files += 1
    const id = this.#files
    this.#worker ??= this.#start()
    const worker = this.#worker
    return {
      update: async (bytes) => void (await this.#ask(worker, { id, bytes })),
      end: () => this.#ask(worker, { id }),
    }
  }

  /** A block to be filled; to be given back when nobody reads it any more. */
  takeBlock(): Block {
    return this.#blocks.pop() ?? new Uint8Array(new SharedArrayBuffer(BLOCK_BYTES))
  }

  giveBlock(block: Block): void {
    if (this.#blocks.length < KEPT) this.#blocks.push(block)
  }

  #ask(worker: Worker, request: Md5Request): Promise<string> {
    // Another one knows nothing of what this file began with.
    if (worker !== this.#worker) return Promise.reject(new Error('The hashing thread has ended'))
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    worker.ref()
    this.#waiting.push({ resolve, reject })
    worker.postMessage(request)
    return promise
  }

  #start(): Worker {
    const worker = new Worker(new URL('./md5-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (md5: string) => {
      this.#waiting.shift()?.resolve(md5)
      // Idle, it is no reason for the process to go on.
      if (this.#waiting.length === 0) worker.unref()
    })
    worker.on('error', (error) => {
      this.#worker = undefined
      for (const { reject } of this.#waiting.splice(0)) reject(error)
    })
    return worker
  }
}

/** The one of this process. */
export const md5Thread = new Md5Thread()
