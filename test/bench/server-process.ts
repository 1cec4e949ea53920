/**
 * Runs one signer in a process of its own: `server-process.ts NAME BODY`. Tells its port, and
 * whenever it is asked what it has used so far.
 */
import { readdir } from 'node:fs/promises'
import type { Signer } from './signers/signer.ts'

/** What the process has used since it began. */
export interface Usage {
  /** Microseconds of CPU, user and system, of all threads. */
  cpu: number
  /** Bytes of memory. */
  resident: number
  /** Bytes on the heap and in buffers, after a collection if it was started with --expose-gc. */
  heap: number
  /** Open files and connections; 0 where the system does not tell. */
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
  const usage: Usage = { cpu: user + system, resident: rss, heap, files: files.length }
  process.send?.(usage)
})
process.on('disconnect', () => process.exit(0))
