/** Runs a signer in its own process: `server-process.ts NAME BODY`. Sends its port, and its usage on request. */
import { readdir } from 'node:fs/promises'
import type { Signer } from './signers/signer.ts'

/** What the process has used since its start. */
export interface Usage {
  /** CPU time of all threads, user and system. */
  cpuMicroseconds: number
  /** Resident memory in bytes. */
  resident: number
  /** Bytes on the heap and in buffers, after a garbage collection under --expose-gc. */
  heap: number
  /** Open files and connections; 0 where the system does not report them. */
  files: number
}

const [name = '', body = '{}'] = process.argv.slice(2)
const { signer } = (await import(`./signers/${name}.ts`)) as { signer: Signer }
process.send?.({ port: await signer.serve(body), path: signer.path })
process.on('message', async () => {
  globalThis.gc?.()
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, external } = process.memoryUsage()
  const files = await readdir('/proc/self/fd').catch(() => [])
  const heap = heapUsed + external
  const usage: Usage = { cpuMicroseconds: user + system, resident: rss, heap, files: files.length }
  process.send?.(usage)
})
process.on('disconnect', () => process.exit(0))
