import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** Where the page is built to unless told otherwise. */
export const CLIENT_DIR = fileURLToPath(new URL('./dist', import.meta.url))

/**
 * Builds the page.
 *
 * @returns The folder to serve
 */
export async function buildClient(outDir: string = CLIENT_DIR): Promise<string> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  })
  return outDir
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  console.log(`The page is in ${await buildClient()}`)
}
