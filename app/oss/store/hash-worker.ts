/** The thread that HashThread starts: hashes what it is told to, in the order that it is told. */
import { createHash, type Hash } from 'node:crypto'
import { parentPort, workerData } from 'node:worker_threads'
import { digestOf } from './digest.ts'
import { BLOCK_BYTES, type Block, type PieceRequest, type SlotRequest } from './hash-thread.ts'

const memory = workerData as Block
const running = new Map<number, Hash>()

parentPort?.on('message', (request: PieceRequest | SlotRequest) => {
  parentPort?.postMessage('slot' in request ? digestSlot(request) : hashPiece(request))
})

function digestSlot({ slot, size }: SlotRequest) {
  const start = slot * BLOCK_BYTES
  return digestOf([memory.subarray(start, start + size)])
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
