import { type FileHandle, open } from 'node:fs/promises'

/** A file as a Blob that reads on demand. Node's `openAsBlob` has the wrong size for files over 4 GiB. */
export class FileSlice implements Blob {
  readonly type = ''
  readonly size: number
  readonly #file: FileHandle
  readonly #start: number

  /** @param start Offset in the file */
  constructor(file: FileHandle, start: number, size: number) {
    this.#file = file
    this.#start = start
    this.size = size
  }

  slice(start = 0, end = this.size): FileSlice {
    const from = Math.min(start, this.size)
    return new FileSlice(this.#file, this.#start + from, Math.min(end, this.size) - from)
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(this.size).buffer)
    for (let done = 0; done < this.size; ) {
      const { bytesRead } = await this.#file.read(bytes, done, this.size - done, this.#start + done)
      if (bytesRead === 0) throw new Error('The file has shrunk')
      done += bytesRead
    }
    return bytes
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes())
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    return new ReadableStream({
      start: async (controller) => {
        controller.enqueue(await this.bytes())
        controller.close()
      },
    })
  }
}

/** Opens a file, which must not change. */
export async function openSlice(path: string): Promise<FileSlice> {
  const file = await open(path)
  return new FileSlice(file, 0, (await file.stat()).size)
}
