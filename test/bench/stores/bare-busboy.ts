import { fileURLToPath } from 'node:url'
import { type Store, unsignedFields } from './store.ts'
import { startStore } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('./bare-busboy-process.ts', import.meta.url))

/** The baseline: parses the form and writes the file, without any check, hash or sync. */
export const bareBusboy: Store = {
  name: 'bare-busboy',
  title: 'bare @fastify/busboy writer',
  start: (folder) =>
    startStore({
      title: 'The bare server',
      args: (port) => [PROGRAM, `${port}`, folder],
      fields: unsignedFields,
    }),
}
