import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'
import { ossForm } from './oss-form.ts'
import type { Store } from './store.ts'
import { startProgram } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('./throwaway-process.ts', import.meta.url))

/** No store at all: what a client is able to send when nothing is done with it. */
export const throwaway: Store = {
  name: 'throwaway',
  title: 'server that throws it away',
  async start() {
    const port = await freePort()
    const args = [PROGRAM, `${port}`]
    const { stop, child } = await startProgram('The throwaway server', port, process.execPath, args)
    return {
      url: `http://127.0.0.1:${port}/`,
      pid: child.pid,
      fields: (key, size) => ossForm(key, size),
      stop,
    }
  },
}
