import type { Readable } from 'node:stream'
import { OssError } from '../errors/oss-error.ts'

const DASHES = Buffer.from('--')
const LINE_END = Buffer.from('\r\n')
const HEAD_END = Buffer.from('\r\n\r\n')

/**
 * A multipart body, read part by part while it arrives. It holds no more than one chunk and the head of
 * one part. Nothing may precede the first boundary or follow the last one.
 */
export class MultipartBody {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #delimiter: Buffer
  /** The next delimiter. The first one has no line end before it. */
  #expected: Buffer
  readonly #onBytes: (bytes: Buffer) => void
  /** Bytes that have arrived and are not consumed yet. */
  #bytes: Buffer = Buffer.alloc(0)

  /** @param onBytes Receives all bytes of the body, in order */
  constructor(source: Readable, boundary: string, onBytes: (bytes: Buffer) => void = () => {}) {
    // The rest of a refused body is still read, or its sender would not see the response.
    this.#chunks = source.iterator({ destroyOnReturn: false })
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
    this.#expected = this.#delimiter.subarray(LINE_END.length)
    this.#onBytes = onBytes
  }

  /**
   * Reads the head of the next part. The content of the part before must have been read.
   *
   * @returns the lines of the head, one character for each byte; undefined after the last part
   * @throws OssError when the body is cut or malformed
   */
  async nextHead(maxBytes: number): Promise<string | undefined> {
    const delimiter = await this.#take(this.#expected.length)
    if (!delimiter.equals(this.#expected)) throw new OssError('malformedForm')
    this.#expected = this.#delimiter
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
      await this.#readMore()
    }
  }

  /** Reads the content of the part whose head was read. @throws OssError when the body is cut */
  async *content(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#bytes.indexOf(this.#delimiter)
      const length = end < 0 ? this.#bytes.length - this.#partialDelimiterBytes() : end
      if (length > 0) {
        const content = this.#bytes.subarray(0, length)
        this.#bytes = this.#bytes.subarray(length)
        yield content
      }
      if (end >= 0) return
      await this.#readMore()
    }
  }

  /** Releases the source, so that its rest can be read by another reader. */
  close(): void {
    void this.#chunks.return?.()
  }

  // Only a line end may follow the last delimiter.
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
    while (this.#bytes.length < length) await this.#readMore()
    const taken = this.#bytes.subarray(0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }

  async #readMore(): Promise<void> {
    const more = await this.#next()
    if (more === undefined) throw new OssError('malformedBodyCut')
    this.#bytes = this.#bytes.length === 0 ? more : Buffer.concat([this.#bytes, more])
  }

  async #next(): Promise<Buffer | undefined> {
    let result: IteratorResult<Buffer>
    try {
      result = await this.#chunks.next()
    } catch {
      throw new OssError('malformedBodyCut')
    }
    if (result.done) return undefined
    this.#onBytes(result.value)
    return result.value
  }

  // Returns how many of the last bytes may be the beginning of a delimiter.
  #partialDelimiterBytes(): number {
    const bytes = this.#bytes
    const from = bytes.length - this.#delimiter.length + 1
    for (let at = bytes.indexOf(13, Math.max(0, from)); at >= 0; at = bytes.indexOf(13, at + 1)) {
      const tail = bytes.subarray(at)
      if (this.#delimiter.subarray(0, tail.length).equals(tail)) return tail.length
    }
    return 0
  }
}
