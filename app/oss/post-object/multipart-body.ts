import type { Readable } from 'node:stream'
import { OssError } from '../errors/oss-error.ts'
import { BodyChunks } from './body-chunks.ts'

const NOTHING = Buffer.alloc(0)
const DASHES = Buffer.from('--')
const LINE_END = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A multipart body, read part by part as it arrives: of the bytes no more is held than a chunk, and
 * a part's head. Strict: nothing before the first boundary, nothing behind the last one.
 */
export class MultipartBody {
  readonly #chunks: BodyChunks
  readonly #delimiter: Buffer
  /** The delimiter that comes next: the first one stands at the beginning of the first line. */
  #expected: Buffer
  readonly #onBytes: (bytes: Buffer) => void
  /** What has arrived and was not taken yet. */
  #bytes: Buffer = NOTHING

  /** @param onBytes Told of everything that arrives, in order */
  constructor(source: Readable, boundary: string, onBytes: (bytes: Buffer) => void = () => {}) {
    this.#chunks = new BodyChunks(source)
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
    this.#expected = this.#delimiter.subarray(LINE_END.length)
    this.#onBytes = onBytes
  }

  /**
   * The lines that begin the next part, without the empty one behind them. What is left of the part
   * before must have been read.
   *
   * @returns undefined when there is no other part
   * @throws OssError when the body is cut, or is none in parts
   */
  async nextHead(maxBytes: number): Promise<string | undefined> {
    const delimiter = await this.#take(this.#expected.length)
    if (!delimiter.equals(this.#expected)) throw new OssError('malformedForm')
    this.#expected = this.#delimiter
    return this.#headBehindDelimiter(maxBytes)
  }

  /**
   * Like `nextHead`, when all of the lines have arrived already.
   *
   * @returns undefined for whatever else: `nextHead` then tells what it is
   */
  headAtHand(maxBytes: number): string | undefined {
    const line = this.#expected.length
    const start = line + LINE_END.length
    const found = this.#bytes.subarray(0, start)
    if (!found.subarray(0, line).equals(this.#expected) || !found.subarray(line).equals(LINE_END)) {
      return undefined
    }
    const end = this.#bytes.indexOf(HEAD_END, start)
    if (end < 0 || end - start > maxBytes) return undefined
    const head = this.#bytes.toString('latin1', start, end)
    this.#bytes = this.#bytes.subarray(end + HEAD_END.length)
    this.#expected = this.#delimiter
    return head
  }

  /** The bytes of the part whose head was read, up to the next delimiter. @throws OssError when cut */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#bytes.indexOf(this.#delimiter)
      const safe = end < 0 ? this.#bytes.length - this.#begun() : end
      if (safe > 0) {
        const content = this.#bytes.subarray(0, safe)
        this.#bytes = this.#bytes.subarray(safe)
        yield content
      }
      if (end >= 0) return
      await this.#more()
    }
  }

  /**
   * All bytes of the part whose head was read, if they have arrived; `content` then has none left.
   *
   * @returns undefined when more have to arrive
   */
  contentAtHand(): Buffer | undefined {
    const end = this.#bytes.indexOf(this.#delimiter)
    if (end < 0) return undefined
    const content = this.#bytes.subarray(0, end)
    this.#bytes = this.#bytes.subarray(end)
    return content
  }

  /** Lets go of the source, which can then be read by somebody else. */
  close(): void {
    this.#chunks.close()
  }

  async #headBehindDelimiter(maxBytes: number): Promise<string | undefined> {
    const next = await this.#take(2)
    if (next.equals(DASHES)) {
      await this.#readToEnd()
      return undefined
    }
    if (!next.equals(LINE_END)) throw new OssError('malformedForm')
    for (;;) {
      const end = this.#bytes.indexOf(HEAD_END)
      if (end > maxBytes || (end < 0 && this.#bytes.length > maxBytes + HEAD_END.length)) {
        throw new OssError('partHeadTooLong')
      }
      if (end >= 0) {
        const head = this.#bytes.toString('latin1', 0, end)
        this.#bytes = this.#bytes.subarray(end + HEAD_END.length)
        return head
      }
      await this.#more()
    }
  }

  // Behind the last delimiter nothing may come but the end of its line.
  async #readToEnd(): Promise<void> {
    while (this.#bytes.length <= LINE_END.length) {
      const more = await this.#next()
      if (more === undefined) {
        if (this.#bytes.length === 0 || this.#bytes.equals(LINE_END)) return
        break
      }
      this.#bytes = Buffer.concat([this.#bytes, more])
    }
    throw new OssError('malformedForm')
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#bytes.length < length) await this.#more()
    const taken = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }

  async #more(): Promise<void> {
    const more = await this.#next()
    if (more === undefined) throw new OssError('malformedBodyCut')
    this.#bytes = this.#bytes.length === 0 ? more : Buffer.concat([this.#bytes, more])
  }

  async #next(): Promise<Buffer | undefined> {
    let bytes: Buffer | undefined
    try {
      bytes = await this.#chunks.next()
    } catch {
      throw new OssError('malformedBodyCut')
    }
    if (bytes) this.#onBytes(bytes)
    return bytes
  }

  // How many of the last bytes may be the beginning of a delimiter.
  #begun(): number {
    const bytes = this.#bytes
    const from = bytes.length - this.#delimiter.length + 1
    for (let at = bytes.indexOf(13, Math.max(0, from)); at >= 0; at = bytes.indexOf(13, at + 1)) {
      const tail = bytes.subarray(at)
      if (this.#delimiter.subarray(0, tail.length).equals(tail)) return tail.length
    }
    return 0
  }
}
