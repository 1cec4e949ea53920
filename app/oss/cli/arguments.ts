import { parseOptions, portOption } from '@oss-direct-upload/process/command-line'
import { UsageError } from '@oss-direct-upload/process/usage-error'
import { BUCKET_NAME_RULE, isBucketName, isRegion, REGION_RULE } from '@oss-direct-upload/signing'
import type { AccessKey } from '../access/access-key.ts'
import { generateKey, readEnvironmentKey, readKeyFile, readKeyOptions } from './keys.ts'

/** Help text of `npm run oss`. */
export const OSS_HELP = `Usage: npm run oss -- [options]
       npx @oss-direct-upload/embedded-oss [options]

Serves a folder as Alibaba Cloud OSS does, for demos and tests.

  --port N         port to listen on (default 9000)
  --host ADDRESS   address to listen on (default 127.0.0.1)
  --dir DIR        folder of the buckets (default oss-data)
  --bucket NAME    bucket to create; may be repeated (default none)
  --region REGION  region of the service (default ap-southeast-1)
  --key ID:SECRET  key that may do everything; may be repeated
  --token TOKEN    security token of the key, for temporary credentials
  --keys FILE      JSON list of keys: accessKeyId, accessKeySecret, securityToken, policies
  --allow-host HOST  host that requests may name; may be repeated (default all)
  --allow-private-callbacks
                   lets callbacks go to private and loopback addresses
  --help           this text

Without a key, one is generated for the buckets named here, and printed. --key shows the secret to
other users of the machine; the environment variables OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET and
OSS_SESSION_TOKEN, and --keys, do not.

A bucket is reached as http://NAME.localhost:PORT and http://ADDRESS:PORT/NAME, the first one also as
http://ADDRESS:PORT.
Buckets named here accept requests from pages of all origins. SIGINT and SIGTERM wait for requests in
progress; a second signal ends the process immediately.
`

/** Options of the command line. */
export interface OssArguments {
  port: number
  host: string
  dir: string
  buckets: string[]
  region: string
  keys: AccessKey[]
  /** One of `keys` that has to be printed; absent when keys were given. */
  generatedKey?: AccessKey
  allowPrivateCallbacks: boolean
  /** Absent when all hosts are allowed. */
  allowedHosts?: string[]
}

const OPTIONS = {
  port: { type: 'string', default: '9000' },
  host: { type: 'string', default: '127.0.0.1' },
  dir: { type: 'string', default: 'oss-data' },
  bucket: { type: 'string', multiple: true, default: [] as string[] },
  region: { type: 'string', default: 'ap-southeast-1' },
  key: { type: 'string', multiple: true, default: [] as string[] },
  token: { type: 'string' },
  keys: { type: 'string' },
  'allow-host': { type: 'string', multiple: true, default: [] as string[] },
  'allow-private-callbacks': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

/**
 * Parses the command line of `npm run oss`.
 *
 * @param env May have a key @default none
 * @returns undefined for `--help`
 * @throws UsageError
 */
export function readOssArguments(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): OssArguments | undefined {
  const values = parseOptions(args, OPTIONS, OSS_HELP)
  const { host, dir, bucket: buckets, region } = values
  if (values.help) return undefined
  const port = portOption('--port', values.port)
  if (host === '') throw new UsageError('--host must be an address of this machine')
  if (dir === '') throw new UsageError('--dir must name a folder')
  const bad = buckets.find((name) => !isBucketName(name))
  if (bad !== undefined) throw new UsageError(`--bucket ${BUCKET_NAME_RULE}, not "${bad}"`)
  if (!isRegion(region)) throw new UsageError(`--region ${REGION_RULE}`)
  const { token, 'allow-host': allowedHosts } = values
  const keys = [
    ...readKeyOptions(values.key, token),
    ...(values.keys === undefined ? [] : readKeyFile(values.keys)),
    ...readEnvironmentKey(env),
  ]
  if (keys.length === 0 && buckets.length === 0) {
    throw new UsageError('--key ID:SECRET must be given, or --keys FILE')
  }
  const generatedKey = keys.length === 0 ? generateKey() : undefined
  return {
    port,
    host,
    dir,
    buckets,
    region,
    keys: generatedKey ? [generatedKey] : keys,
    ...(generatedKey ? { generatedKey } : {}),
    allowPrivateCallbacks: values['allow-private-callbacks'],
    ...(allowedHosts.length > 0 ? { allowedHosts } : {}),
  }
}
