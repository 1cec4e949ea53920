/** `npm start`. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../process/usage-error.ts'
import { LOCAL_HELP, readLocalArguments } from './arguments.ts'

const COMPILED = fileURLToPath(
  new URL('../../node_modules/.cache/oss-direct-upload/compiled', import.meta.url),
)

try {
  const asked = readLocalArguments(process.argv.slice(2))
  if (asked === undefined) {
    console.log(LOCAL_HELP)
  } else {
    // Before all the rest is loaded: half of a start is reading what the start before has read.
    enableCompileCache(COMPILED)
    const { runDemo } = await import('./demo.ts')
    await runDemo(asked)
    flushCompileCache()
  }
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exit(1)
}
