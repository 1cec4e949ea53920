/** Entry of `npm start`. */
import { enableCompileCache, flushCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'
import { runMain } from '@oss-direct-upload/process/usage-error'
import { DEMO_HELP, readDemoArguments } from './arguments.ts'

const COMPILE_CACHE = fileURLToPath(
  new URL('../../node_modules/.cache/oss-direct-upload/compiled', import.meta.url),
)

await runMain(async () => {
  const options = readDemoArguments(process.argv.slice(2))
  if (options === undefined) {
    console.log(DEMO_HELP)
    return
  }
  // Enabled before the rest is loaded: compiling takes half of the start.
  enableCompileCache(COMPILE_CACHE)
  const { runDemo } = await import('./demo.ts')
  await runDemo(options)
  flushCompileCache()
})
