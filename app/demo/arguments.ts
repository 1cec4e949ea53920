import { parseOptions, portOption } from '../process/command-line.ts'
import { UsageError } from '../process/usage-error.ts'

/** Output of `npm start -- --help`. */
export const DEMO_HELP = `Usage: npm start -- [options]

Runs the whole demo on this machine: the page, the signing server and an embedded OSS.

  --port N      port of the page and the signing server (default 8080)
  --oss-port N  port of the embedded OSS (default 9000)
  --dir DIR     folder that stores the uploads (default uploads)
  --help        this text

Ctrl-C stops it once the uploads in flight are complete; a second Ctrl-C stops it at once.
`

export interface DemoArguments {
  port: number
  ossPort: number
  dir: string
}

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  'oss-port': { type: 'string', default: '9000' },
  dir: { type: 'string', default: 'uploads' },
  help: { type: 'boolean', default: false },
} as const

/**
 * Parses the command line of `npm start`.
 *
 * @returns undefined for `--help`
 * @throws UsageError
 */
export function readDemoArguments(args: readonly string[]): DemoArguments | undefined {
  const values = parseOptions(args, OPTIONS, DEMO_HELP)
  if (values.help) return undefined
  if (values.dir === '') throw new UsageError('--dir must name a folder')
  return {
    port: portOption('--port', values.port),
    ossPort: portOption('--oss-port', values['oss-port']),
    dir: values.dir,
  }
}
