import { parseArgs } from 'node:util'
import { portOf, UsageError } from '../process/usage-error.ts'

/** What `npm start -- --help` says. */
export const LOCAL_HELP = `Usage: npm start -- [options]

Runs the whole demo on this machine: the page, the signing server and an embedded OSS.

  --port N      port of the page and the signing server (default 8080)
  --oss-port N  port of the embedded OSS (default 9000)
  --dir DIR     folder that uploads land in (default uploads)
  --help        this text

Ctrl-C ends it once uploads in flight are through, a second one at once.
`

export interface LocalArguments {
  port: number
  ossPort: number
  dir: string
}

/**
 * Reads the command line of `npm start`.
 *
 * @returns undefined when only help was asked for
 * @throws UsageError
 */
export function readLocalArguments(args: readonly string[]): LocalArguments | undefined {
  let values: ReturnType<typeof parse>
  try {
    values = parse(args)
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${LOCAL_HELP}`)
  }
  if (values.help) return undefined
  if (values.dir === '') throw new UsageError('--dir must name a folder')
  return {
    port: portOf('--port', values.port),
    ossPort: portOf('--oss-port', values['oss-port']),
    dir: values.dir,
  }
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '8080' },
      'oss-port': { type: 'string', default: '9000' },
      dir: { type: 'string', default: 'uploads' },
      help: { type: 'boolean', default: false },
    },
  }).values
}
