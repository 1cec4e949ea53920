import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedOss } from './index.ts'
import { printableKey } from './printable-key.ts'
import { startFailureText } from './start-failure.ts'

const HELP = `Usage: npm run oss -- [options]

Serves a folder as Alibaba Cloud OSS does, for demos and tests.

  --port N         port to listen on (default 9000)
  --host ADDRESS   address to listen on (default 127.0.0.1)
  --dir DIR        folder that the buckets are in (default oss-data)
  --bucket NAME    bucket to make when it is not there; may be repeated (default none)
  --region REGION  region that signatures are for (default ap-southeast-1)
  --key ID:SECRET  key that may do everything; may be repeated (at least one)
  --help           this text

SIGINT and SIGTERM end it once the requests in flight are answered; a second one ends it at once.
A bucket is reached as http://NAME.localhost:PORT; the first one also as http://ADDRESS:PORT.
New buckets made here accept requests from pages of every origin.
`

class UsageError extends Error {}

async function main(): Promise<void> {
  const options = readArguments()
  if (options === undefined) {
    console.log(HELP)
    return
  }
  const { port, host, dir, names, region, keys } = options
  const methods = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD']
  const exposeHeaders = ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma']
  const corsRules = [
    { allowedOrigins: ['*'], allowedMethods: methods, allowedHeaders: ['*'], exposeHeaders },
  ]
  const oss = await startEmbeddedOss({
    dir,
    host,
    port,
    region,
    keys,
    buckets: names.map((name) => ({ name, corsRules })),
    ...(names[0] === undefined ? {} : { bucketOfAddress: names[0] }),
    onObject: ({ bucket, key, size }) =>
      console.log(`Stored ${bucket}/${printableKey(key)} (${size} bytes)`),
  }).catch((error: unknown) => {
    const text = startFailureText(error, resolve(dir), '--port')
    throw text === undefined ? error : new UsageError(text)
  })
  console.log(`Buckets are in ${resolve(dir)}`)
  for (const name of names) console.log(`${name}: ${oss.origin(name)}`)
  console.log(`OssEndpoint: http://${host}:${oss.port}`)
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    void oss.close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
}

function readArguments() {
  let values: ReturnType<typeof parse>
  try {
    values = parse()
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`)
  }
  if (values.help) return undefined
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new UsageError(`--port must be a port from 0 to 65535, not "${values.port}"`)
  }
  const bad = values.bucket.find((name) => !/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name))
  if (bad !== undefined) {
    throw new UsageError(`--bucket must have 3 to 63 of a-z, 0-9 and "-", not "${bad}"`)
  }
  if (!/^(?!oss-)[a-z0-9]+(-[a-z0-9]+)*$/.test(values.region)) {
    throw new UsageError('--region must be like ap-southeast-1, without "oss-"')
  }
  if (values.dir === '') throw new UsageError('--dir must name a folder')
  if (values.key.length === 0) throw new UsageError('--key ID:SECRET must be given')
  const keys = values.key.map((text) => {
    const parts = /^([^:\s]+):(\S+)$/.exec(text)
    if (!parts) throw new UsageError('--key must be ID:SECRET')
    return { accessKeyId: parts[1] ?? '', accessKeySecret: parts[2] ?? '' }
  })
  const { host, dir, bucket: names, region } = values
  return { port, host, dir, names, region, keys }
}

function parse() {
  return parseArgs({
    options: {
      port: { type: 'string', default: '9000' },
      host: { type: 'string', default: '127.0.0.1' },
      dir: { type: 'string', default: 'oss-data' },
      bucket: { type: 'string', multiple: true, default: [] as string[] },
      region: { type: 'string', default: 'ap-southeast-1' },
      key: { type: 'string', multiple: true, default: [] as string[] },
      help: { type: 'boolean', default: false },
    },
  }).values
}

try {
  await main()
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exit(1)
}
