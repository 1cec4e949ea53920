import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { trimUppy } from './trim-uppy.ts'

/** Where the page is built to unless told otherwise. */
export const CLIENT_DIR = fileURLToPath(new URL('../../../dist/client', import.meta.url))

/**
 * Builds the page.
 *
 * @returns The folder to serve
 */
export async function buildClient(outDir: string = CLIENT_DIR): Promise<string> {
  // Only here: it takes a while to load, and who made a mistake in the command line is told at once.
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../page', import.meta.url)),
    base: './',
    logLevel: 'error',
    plugins: [trimUppy()],
    build: { outDir, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  })
  return outDir
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  console.log(`The page is in ${await buildClient()}`)
}
