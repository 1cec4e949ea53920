import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { buildClient } from '@oss-direct-upload/page-build'
import { build } from 'vite'

/**
 * Builds the server for a machine with Node and no packages: `server.mjs`, a bundle of `main.ts`, and
 * the page in `client/`. The output depends on sources and packages alone, not on their folder.
 *
 * @param outDir Emptied first
 */
export async function buildServer(outDir: string): Promise<void> {
  await build({
    configFile: false,
    envDir: false,
    root: fileURLToPath(new URL('../../..', import.meta.url)),
    logLevel: 'silent',
    plugins: [
      {
        name: 'packed-client',
        enforce: 'pre',
        resolveId: (source) =>
          source === '@oss-direct-upload/page-build'
            ? fileURLToPath(new URL('./packed-client.ts', import.meta.url))
            : undefined,
      },
    ],
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('../main.ts', import.meta.url)),
      outDir,
      emptyOutDir: true,
      target: 'node24',
      minify: false,
      rolldownOptions: {
        // Both defaults write paths of this machine into the bundle.
        experimental: { attachDebugInfo: 'none' },
        output: { entryFileNames: 'server.mjs', codeSplitting: false, comments: false },
      },
    },
  })
  await buildClient(join(outDir, 'client'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [outDir, ...rest] = process.argv.slice(2)
  if (outDir === undefined || rest.length > 0) {
    console.error('Usage: node app/server/build/build.ts FOLDER')
    process.exit(2)
  }
  try {
    await buildServer(outDir)
  } catch (error) {
    console.error(stripVTControlCharacters(error instanceof Error ? error.message : String(error)))
    process.exit(1)
  }
}
