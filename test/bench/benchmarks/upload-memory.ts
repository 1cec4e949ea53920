import { mkdir, readFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import type { Benchmark } from '../benchmark.ts'
import { postForm } from '../load/form-upload.ts'
import { ours } from '../stores/ours.ts'

const MIB = 1024 ** 2
const SAMPLE_MS = 100

/** Measures the memory of the embedded OSS during an upload of 5 GB. */
export const uploadMemory: Benchmark = {
  name: 'upload-memory',
  async run(context) {
    const line = {
      name: 'upload-memory/rest',
      what: `memory during an upload of ${context.quick ? '256 MB' : '5 GB'}`,
      against: 'itself when idle',
      unit: 'MB',
      goal: { atMost: 64 },
    }
    if (process.platform !== 'linux') {
      return [{ ...line, missing: 'Memory of another process is only read on Linux' }]
    }
    const folder = join(context.folder, 'memory')
    await mkdir(folder, { recursive: true })
    const store = await ours.start(folder, context.report)
    const agent = new Agent({ keepAlive: true })
    const post = (key: string, size: number) =>
      postForm(store.url, store.fields(key, size), size, agent)
    try {
      for (let n = 0; n < 20; n += 1) await post(`warm/${n}`, MIB)
      const idle = await residentOf(store.pid)
      context.report(`Watching the memory of the embedded OSS: ${line.what}`)
      let highest = idle
      const timer = setInterval(async () => {
        highest = Math.max(highest, await residentOf(store.pid))
      }, SAMPLE_MS)
      await post('large', context.quick ? 256 * MIB : 5 * 1024 * MIB)
      clearInterval(timer)
      const text = (bytes: number) => `${(bytes / MIB).toFixed(0)} MB`
      return [{ ...line, ours: text(highest), theirs: text(idle), ratio: (highest - idle) / MIB }]
    } finally {
      agent.destroy()
      await store.stop()
    }
  },
}

/** Resident memory of a process in bytes. */
async function residentOf(pid: number | undefined): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024
}
