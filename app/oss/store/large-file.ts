import { ftruncateSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { MachineCrc64 } from '../../crc64/crc64-wasm.ts'
import type { Digest } from './digest.ts'
import { isEmptyBlock } from './sparse-block.ts'
import { BLOCK_BYTES, type Block } from './staging-request.ts'
import { stagingThread } from './staging-thread.ts'

/** Blocks of a file in use: one is filled while others are hashed and written. */
const BLOCKS = 3

const writeAt = promisify(write)

interface Slot {
  block: Block
  /** Until what was in it has been hashed and written. */
  busy: Promise<void>
}

/**
 * A file that grows while another thread hashes it and the system writes it. It holds a few blocks
 * however large the file is, and makes whoever writes wait until one is free.
 */
export class LargeFile {
  readonly #file: number
  readonly #md5 = stagingThread.begin()
  readonly #crc = new MachineCrc64()
  readonly #slots: Slot[] = []
  #at = 0
  #written: Promise<void> = Promise.resolve()
  /** Bytes in the block that is being filled. */
  #filled = 0
  /** Bytes in the blocks before it. */
  #position = 0
  #hasEnded = false
  #endsInHole = false

  /** @param file Open for writing, empty; stays open */
  constructor(file: number) {
    this.#file = file
    for (let n = 0; n < BLOCKS; n += 1) {
      this.#slots.push({ block: stagingThread.takeBlock(), busy: Promise.resolve() })
    }
  }

  /**
   * @param chunk Is used up: see `free`
   * @throws the system's error, also for bytes of an earlier call
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.#crc.update(chunk)
    let done = 0
    while (done < chunk.length) {
      const part = chunk.subarray(done, done + BLOCK_BYTES - this.#filled)
      this.#slot.block.set(part, this.#filled)
      this.#filled += part.length
      done += part.length
      if (this.#filled < BLOCK_BYTES) break
      this.#flush()
      await this.#slot.busy
    }
    free(chunk)
  }

  /** Waits until everything is written. @throws the system's error */
  async end(): Promise<Digest> {
    if (this.#filled > 0) this.#flush()
    for (const { busy } of this.#slots) await busy
    if (this.#endsInHole) ftruncateSync(this.#file, this.#position)
    this.#hasEnded = true
    return { md5: await this.#md5.end(), crc64: this.#crc.digest() }
  }

  /** Waits until nobody uses file or memory any more, whether the file came to its end or not. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#slots.map(({ busy }) => busy))
    for (const { block } of this.#slots.splice(0)) stagingThread.giveBlock(block)
    if (!this.#hasEnded) await this.#md5.end().catch(() => {})
  }

  get #slot(): Slot {
    return this.#slots[this.#at] as Slot
  }

  #flush(): void {
    const slot = this.#slot
    const bytes = slot.block.subarray(0, this.#filled)
    const position = this.#position
    // One at a time: the system lets no two write into a file, and the other burns its time waiting.
    // What is empty stays a hole, which takes no room.
    this.#endsInHole = isEmptyBlock(bytes)
    if (!this.#endsInHole) {
      this.#written = this.#written.then(() => writeAll(this.#file, bytes, position))
    }
    slot.busy = bothDone(this.#md5.update(bytes), this.#written)
    // Whoever awaits it is told; until then nobody has to.
    slot.busy.catch(() => {})
    this.#position += this.#filled
    this.#filled = 0
    this.#at = (this.#at + 1) % BLOCKS
  }
}

/**
 * Gives memory back that a chunk has to itself. The collector would get to it as well, but for
 * every 64 MB that arrive it would go through the whole heap first: a fifth of an upload's time.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

// Not before both are: the one that goes on would still read the block.
async function bothDone(hashed: Promise<void>, written: Promise<void>): Promise<void> {
  await Promise.allSettled([hashed, written])
  await hashed
  await written
}

async function writeAll(file: number, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const left = bytes.length - done
    done += (await writeAt(file, bytes, done, left, position + done)).bytesWritten
  }
}
