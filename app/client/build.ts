import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/**
 * Builds the page.
 *
 * @returns The folder to serve
 */
export async function buildClient(
  outDir: string = fileURLToPath(new URL('./dist', import.meta.url)),
): Promise<string> {
  await build({
    configFile: false,
    root: fileURLToPath(new URL('.', import.meta.url)),
    base: './',
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
  })
  return outDir
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  console.log(`The page is in ${await buildClient()}`)
