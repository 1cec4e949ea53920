import { fileURLToPath } from 'node:url'
import { BUCKET, type Store, unsignedFields } from './store.ts'
import { startStore } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('../node_modules/s3rver/bin/s3rver.js', import.meta.url))

/** s3rver from npm, which ignores signature and policy of a form. */
export const s3rver: Store = {
  name: 's3rver',
  title: 's3rver 3.7.1',
  start: (folder) =>
    startStore({
      title: 's3rver',
      args: (port) => [
        ...['--no-deprecation', PROGRAM, '--silent', '--address', '127.0.0.1'],
        ...['--port', `${port}`, '--directory', folder, '--configure-bucket', BUCKET],
      ],
      path: `/${BUCKET}`,
      fields: unsignedFields,
    }),
}
