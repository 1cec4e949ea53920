import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'
import { memoryFlags } from './memory-flags.ts'
import { KEY, ossForm, REGION } from './oss-form.ts'
import { BUCKET, type Store } from './store.ts'
import { startProgram } from './store-process.ts'

const MAIN = fileURLToPath(new URL('../../../app/oss/main.ts', import.meta.url))

/** The embedded OSS as `npm run oss` starts it: V4, exact policy, CRC-64 and MD5. */
export const ours: Store = {
  name: 'ours',
  title: 'embedded OSS',
  async start(folder) {
    const port = await freePort()
    const { stop, child } = await startProgram('The embedded OSS', port, process.execPath, [
      ...memoryFlags('npm run oss'),
      MAIN,
      ...['--port', `${port}`, '--dir', folder, '--bucket', BUCKET, '--region', REGION],
      ...['--key', `${KEY.accessKeyId}:${KEY.accessKeySecret}`],
    ])
    return {
      url: `http://127.0.0.1:${port}/`,
      pid: child.pid,
      fields: (key, size) => ossForm(key, size),
      stop,
    }
  },
}
