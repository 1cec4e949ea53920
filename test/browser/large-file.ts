import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const MIB = 1024 * 1024

/** Writes a file whose parts all differ, and returns its SHA-256. */
export async function writeLargeFile(path: string, bytes: number): Promise<string> {
  const block = Buffer.alloc(MIB)
  const hash = createHash('sha256')
  const blocks = function* () {
    for (let left = bytes, n = 0; left > 0; left -= MIB, n += 1) {
      block.fill(n % 251)
      block.writeUInt32BE(n)
      const bytes = Buffer.from(block.subarray(0, Math.min(left, MIB)))
      hash.update(bytes)
      yield bytes
    }
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path))
  return hash.digest('hex')
}
