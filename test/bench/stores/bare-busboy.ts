import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'
import type { Store } from './store.ts'
import { startProgram } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('./bare-busboy-process.ts', import.meta.url))

/** The floor: the same parser, the file written, and nothing checked, hashed or synced. */
export const bareBusboy: Store = {
  name: 'bare-busboy',
  title: 'bare @fastify/busboy writer',
  async start(folder) {
    const port = await freePort()
    const args = [PROGRAM, `${port}`, folder]
    const { stop, child } = await startProgram('The bare server', port, process.execPath, args)
    return {
      url: `http://127.0.0.1:${port}/`,
      pid: child.pid,
      fields: (key) => [
        ['key', key],
        ['success_action_status', '200'],
      ],
      stop,
    }
  },
}
