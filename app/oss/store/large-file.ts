import { ftruncateSync, write } from 'node:fs'
import { promisify } from 'node:util'
import { Crc64 } from '@oss-direct-upload/crc64'
import type { Digest } from './digest.ts'
import { isEmptyBlock } from './sparse-block.ts'
import { BLOCK_BYTES, type Block } from './staging-request.ts'
import { stagingThread } from './staging-thread.ts'

/** Blocks of a file in use: one is filled while others are hashed and written. */
const BLOCKS = 3

const writeAt = promisify(write)

interface Slot {
  block: Block
  /** Settled when the block has been hashed and written. */
  flushed: Promise<void>
}

/**
 * A growing file that the staging thread hashes while the system writes it. Holds a few blocks in
 * memory, however large the file is, and makes the writer wait for a free one.
 */
export class LargeFile {
  readonly #file: number
  readonly #md5 = stagingThread.md5()
  readonly #crc64 = new Crc64()
  readonly #slots: Slot[] = []
  #slotIndex = 0
  #written: Promise<void> = Promise.resolve()
  /** Bytes in the current block. */
  #filled = 0
  /** Bytes in all earlier blocks. */
  #position = 0
  #hasEnded = false
  #endsInHole = false

  /** @param file Descriptor of an empty file, open for writing. It is not closed. */
  constructor(file: number) {
    this.#file = file
    for (let n = 0; n < BLOCKS; n += 1) {
      this.#slots.push({ block: stagingThread.takeBlock(), flushed: Promise.resolve() })
    }
  }

  /**
   * Appends a chunk.
   *
   * @param chunk Is detached when it owns its memory
   * @throws the system's error, also of an earlier call
   */
  async write(chunk: Uint8Array): Promise<void> {
    this.#crc64.update(chunk)
    let done = 0
    while (done < chunk.length) {
      const slice = chunk.subarray(done, done + BLOCK_BYTES - this.#filled)
      this.#slot.block.set(slice, this.#filled)
      this.#filled += slice.length
      done += slice.length
      if (this.#filled < BLOCK_BYTES) break
      this.#flush()
      await this.#slot.flushed
    }
    free(chunk)
  }

  /** Waits until everything is written. @throws the system's error */
  async end(): Promise<Digest> {
    if (this.#filled > 0) this.#flush()
    for (const { flushed } of this.#slots) await flushed
    if (this.#endsInHole) ftruncateSync(this.#file, this.#position)
    this.#hasEnded = true
    return { md5: await this.#md5.end(), crc64: this.#crc64.digest() }
  }

  /** Waits until nothing uses the file or its blocks any more. Must be called in any case. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#slots.map(({ flushed }) => flushed))
    for (const { block } of this.#slots.splice(0)) stagingThread.giveBlock(block)
    if (!this.#hasEnded) await this.#md5.end().catch(() => {})
  }

  get #slot(): Slot {
    return this.#slots[this.#slotIndex] as Slot
  }

  #flush(): void {
    const slot = this.#slot
    const bytes = slot.block.subarray(0, this.#filled)
    const position = this.#position
    // Blocks are written one at a time: the system serialises writes to one file anyway. An empty
    // block becomes a hole, which takes no space.
    this.#endsInHole = isEmptyBlock(bytes)
    if (!this.#endsInHole) {
      this.#written = this.#written.then(() => writeAll(this.#file, bytes, position))
    }
    slot.flushed = bothDone(this.#md5.update(bytes), this.#written)
    // A failure is thrown to whoever awaits the block; without this line it would also be unhandled.
    slot.flushed.catch(() => {})
    this.#position += this.#filled
    this.#filled = 0
    this.#slotIndex = (this.#slotIndex + 1) % BLOCKS
  }
}

/**
 * Frees the memory of a chunk that owns it. The garbage collector would do it as well, but goes
 * through the whole heap for every 64 MB that arrive, which takes a fifth of an upload's time.
 */
function free({ buffer, byteLength }: Uint8Array): void {
  if (buffer.byteLength === byteLength && buffer instanceof ArrayBuffer) buffer.transfer(0)
}

// Waits for both also when one fails: the other still reads the block.
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
