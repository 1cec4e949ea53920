import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseOptions } from '@oss-direct-upload/process/command-line'
import { runMain } from '@oss-direct-upload/process/usage-error'
import { BROWSERS } from './browsers.ts'
import { listServers } from './list-servers.ts'

/** Default output folder. */
export const CLIENT_DIR = fileURLToPath(new URL('../../../dist/client', import.meta.url))

const HELP = `Usage: npm run build -- [options]

Builds the page in dist/client.

  --server URL  signing server that a page hosted elsewhere may use; may be repeated, the first is
                the default. Without one, the page uses the server that serves it
  --help        this text
`

/**
 * Builds the page.
 *
 * @param servers URLs of signing servers that the page may use besides its own origin
 * @returns The folder to serve
 * @throws UsageError when a server is no URL
 */
export async function buildClient(
  outDir: string = CLIENT_DIR,
  servers: readonly string[] = [],
): Promise<string> {
  const plugins = [listServers(servers)]
  const target = Object.entries(BROWSERS).map(([name, version]) => `${name}${version}`)
  // Vite takes long to load; errors in the command line are shown before that.
  const { build } = await import('vite')
  await build({
    configFile: false,
    root: fileURLToPath(new URL('../page', import.meta.url)),
    base: './',
    logLevel: 'error',
    plugins,
    build: { outDir, emptyOutDir: true, target, modulePreload: { polyfill: false } },
  })
  return outDir
}

const script = process.argv[1]
if (script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url)) {
  await runMain(async () => {
    const options = {
      server: { type: 'string', multiple: true, default: [] as string[] },
      help: { type: 'boolean', default: false },
    } as const
    const { server, help } = parseOptions(process.argv.slice(2), options, HELP)
    console.log(help ? HELP : `The page is in ${await buildClient(CLIENT_DIR, server)}`)
  })
}
