import { parseOptions, portOption } from '@oss-direct-upload/process/command-line'
import { UsageError } from '@oss-direct-upload/process/usage-error'

/** Output of `npm start -- --help`. */
export const DEMO_HELP = `Usage: npm start -- [options]

Runs the whole demo on this machine: the page, the signing server and an embedded OSS.

  --port N           port of the page and the signing server (default 8080)
  --oss-port N       port of the embedded OSS (default 9000)
  --dir DIR          folder that stores the uploads (default uploads)
  --allow-host NAME  host name of the page besides 127.0.0.1, localhost and ::1, such as that of a
                     port forwarding; may be repeated. Requests for other hosts get status 421
  --allow-private-callbacks
                     lets forms carry callbacks to private and loopback addresses
  --help             this text

Ctrl-C stops it once the uploads in flight are complete; a second Ctrl-C stops it at once.
`

export interface DemoArguments {
  port: number
  ossPort: number
  dir: string
  /** Hosts that the page may be opened by, besides the demo's own addresses. */
  allowedHosts: string[]
  /** Whether the embedded OSS sends callbacks to private and loopback addresses. */
  allowPrivateCallbacks: boolean
}

const HOST = /^([\w.-]+|\[[\da-f:.]+\])$/i

const OPTIONS = {
  port: { type: 'string', default: '8080' },
  'oss-port': { type: 'string', default: '9000' },
  dir: { type: 'string', default: 'uploads' },
  'allow-host': { type: 'string', multiple: true, default: [] as string[] },
  'allow-private-callbacks': { type: 'boolean', default: false },
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
  const bad = values['allow-host'].find((host) => !HOST.test(host))
  if (bad !== undefined) {
    throw new UsageError(`--allow-host must be a host name without port, not "${bad}"`)
  }
  return {
    port: portOption('--port', values.port),
    ossPort: portOption('--oss-port', values['oss-port']),
    dir: values.dir,
    allowedHosts: values['allow-host'],
    allowPrivateCallbacks: values['allow-private-callbacks'],
  }
}
