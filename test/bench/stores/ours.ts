import { fileURLToPath } from 'node:url'
import { memoryFlags } from './memory-flags.ts'
import { KEY, ossForm, REGION } from './oss-form.ts'
import { BUCKET, type Store } from './store.ts'
import { startStore } from './store-process.ts'

const MAIN = fileURLToPath(new URL('../../../app/oss/main.ts', import.meta.url))

/** The embedded OSS as `npm run oss` starts it: V4, exact policy, CRC-64 and MD5. */
export const ours: Store = {
  name: 'ours',
  title: 'embedded OSS',
  start: (folder) =>
    startStore({
      title: 'The embedded OSS',
      args: (port) => [
        ...memoryFlags('npm run oss'),
        MAIN,
        ...['--port', `${port}`, '--dir', folder, '--bucket', BUCKET, '--region', REGION],
        ...['--key', `${KEY.accessKeyId}:${KEY.accessKeySecret}`],
      ],
      fields: ossForm,
    }),
}
