import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { BROWSERS } from './browsers.ts'
import { trimUppy } from './trim-uppy.ts'

/** Default output folder. */
export const CLIENT_DIR = fileURLToPath(new URL('../../../dist/client', import.meta.url))

/**
 * Builds the page.
 *
 * @returns The folder to serve
 */
export async function buildClient(outDir: string = CLIENT_DIR): Promise<string> {
  const target = Object.entries(BROWSERS).map(([name, version]) => `${name}${version}`)
  // Vite takes long to load; errors in the command line are shown before that.
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../page', import.meta.url)),
    base: './',
    logLevel: 'error',
    plugins: [trimUppy()],
    build: { outDir, emptyOutDir: true, target, modulePreload: { polyfill: false } },
  })
  return outDir
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  console.log(`The page is in ${await buildClient()}`)
}
