import { fileURLToPath } from 'node:url'
import { ossForm } from './oss-form.ts'
import type { Store } from './store.ts'
import { startStore } from './store-process.ts'

const PROGRAM = fileURLToPath(new URL('./throwaway-process.ts', import.meta.url))

/** Stores nothing: the upper bound for a client. */
export const throwaway: Store = {
  name: 'throwaway',
  title: 'server that discards everything',
  start: () =>
    startStore({
      title: 'The discarding server',
      args: (port) => [PROGRAM, `${port}`],
      fields: ossForm,
    }),
}
