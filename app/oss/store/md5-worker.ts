/** The thread that Md5Thread starts: hashes what it is told to, in the order that it is told. */
import { createHash, type Hash } from 'node:crypto'
import { parentPort } from 'node:worker_threads'
import type { Md5Request } from './md5-thread.ts'

const running = new Map<number, Hash>()

parentPort?.on('message', ({ id, bytes }: Md5Request) => {
  const hash = running.get(id) ?? createHash('md5')
  if (bytes) {
    running.set(id, hash)
    hash.update(bytes)
    parentPort?.postMessage('')
  } else {
    running.delete(id)
    parentPort?.postMessage(hash.digest('hex').toUpperCase())
  }
})
