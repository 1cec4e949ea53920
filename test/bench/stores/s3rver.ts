import { fileURLToPath } from 'node:url'
import { freePort } from '../../free-port.ts'
import { BUCKET, type Store } from './store.ts'
import { startProgram } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('../node_modules/s3rver/bin/s3rver.js', import.meta.url))

/** s3rver, of npm: neither signature nor policy of a form is looked at. */
export const s3rver: Store = {
  name: 's3rver',
  title: 's3rver 3.7.1',
  async start(folder) {
    const port = await freePort()
    const { stop, child } = await startProgram('s3rver', port, process.execPath, [
      ...['--no-deprecation', PROGRAM, '--silent', '--address', '127.0.0.1'],
      ...['--port', `${port}`, '--directory', folder, '--configure-bucket', BUCKET],
    ])
    return {
      url: `http://127.0.0.1:${port}/${BUCKET}`,
      pid: child.pid,
      fields: (key) => [
        ['key', key],
        ['success_action_status', '200'],
      ],
      stop,
    }
  },
}
