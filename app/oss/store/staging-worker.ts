/** Code of the staging thread: answers requests in the order in which they arrive. */
import { createHash, type Hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { digestOf, type WrittenFile } from './digest.ts'
import * as staging from './staging-request.ts'
import { writeNewFile } from './write-new-file.ts'

const memory = workerData as staging.Block
const hashes = new Map<number, Hash>()

parentPort?.on('message', (request: staging.BlockRequest | staging.SmallFileRequest) => {
  parentPort?.postMessage('slot' in request ? writeSmallFile(request) : hashBlock(request))
})

function writeSmallFile({
  slot,
  size,
  path,
}: staging.SmallFileRequest): WrittenFile | staging.SmallFileFailure {
  const start = slot * staging.BLOCK_BYTES
  const bytes = memory.subarray(start, start + size)
  try {
    const inode = writeNewFile(path, [bytes], size)
    return { inode, ...digestOf([bytes]) }
  } catch (error) {
    // An error loses its code on the way to another thread.
    const { message, code } = error as NodeJS.ErrnoException
    return { message, code }
  }
}

function hashBlock({ id, bytes }: staging.BlockRequest): string {
  const hash = hashes.get(id) ?? createHash('md5')
  if (bytes) {
    hashes.set(id, hash)
    hash.update(bytes)
    return ''
  }
  hashes.delete(id)
  return hash.digest('hex').toUpperCase()
}
