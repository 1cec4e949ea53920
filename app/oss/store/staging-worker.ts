/** The thread that StagingThread starts: does what it is told to, in the order that it is told. */
import { createHash, type Hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { digestOf, type WrittenFile } from './digest.ts'
import {
  BLOCK_BYTES,
  type Block,
  type PieceRequest,
  type SlotFailure,
  type SlotRequest,
} from './staging-request.ts'
import { writeNewFile } from './write-new-file.ts'

const memory = workerData as Block
const running = new Map<number, Hash>()

parentPort?.on('message', (request: PieceRequest | SlotRequest) => {
  parentPort?.postMessage('slot' in request ? writeSlot(request) : hashPiece(request))
})

function writeSlot({ slot, size, path }: SlotRequest): WrittenFile | SlotFailure {
  const start = slot * BLOCK_BYTES
  const bytes = memory.subarray(start, start + size)
  try {
    const inode = writeNewFile(path, [bytes], size)
    return { inode, ...digestOf([bytes]) }
  } catch (error) {
    // Of an error no more than its message would arrive.
    const { message, code } = error as NodeJS.ErrnoException
    return { message, code }
  }
}

function hashPiece({ id, bytes }: PieceRequest): string {
  const hash = running.get(id) ?? createHash('md5')
  if (bytes) {
    running.set(id, hash)
    hash.update(bytes)
    return ''
  }
  running.delete(id)
  return hash.digest('hex').toUpperCase()
}
