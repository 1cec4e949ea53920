import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildClient } from './client/build.ts'
import { startEmbeddedOss } from './oss/index.ts'
import { createApp } from './server/create-app.ts'

const HELP = `Usage: npm start -- [options]

Runs the whole demo on this machine: the page, the signing server and an embedded OSS.

  --port N      port of the page and the signing server (default 8080)
  --oss-port N  port of the embedded OSS (default 9000)
  --dir DIR     folder that uploads land in (default uploads)
  --help        this text
`
const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'

class UsageError extends Error {}

async function main(): Promise<void> {
  const { port, ossPort, dir, help } = readArguments()
  if (help) {
    console.log(HELP)
    return
  }
  const credentials = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex')}`,
    accessKeySecret: randomBytes(24).toString('base64url'),
  }
  const clientDir = await buildClient()
  const oss = await startEmbeddedOss({
    dir,
    region: REGION,
    port: ossPort,
    keys: [credentials],
    buckets: [
      {
        name: BUCKET,
        corsRules: [{ allowedOrigins: ['*'], allowedMethods: ['POST'], allowedHeaders: ['*'] }],
      },
    ],
    // By its address too, as not every browser knows names under localhost.
    bucketOfAddress: BUCKET,
    onObject: ({ key, size }) => console.log(`Stored ${key} (${size} bytes)`),
  }).catch((error: unknown) => taken(error, ossPort, '--oss-port'))
  const signing = {
    credentials,
    bucket: BUCKET,
    region: REGION,
    uploadHost: `http://127.0.0.1:${oss.port}`,
  }
  const { createServer } = await import('node:http')
  const web = createServer(createApp({ signing, clientDir }))
  const webAt = await listen(web, port, '--port')

  console.log(`Uploads land in ${resolve(dir, BUCKET)}`)
  console.log(`OssClientAddress: http://127.0.0.1:${webAt}`)
  const stop = (): void => {
    web.close()
    web.closeIdleConnections()
    void oss.close()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

function readArguments(): { port: number; ossPort: number; dir: string; help: boolean } {
  let values: { port: string; 'oss-port': string; dir: string; help: boolean }
  try {
    values = parseArgs({
      options: {
        port: { type: 'string', default: '8080' },
        'oss-port': { type: 'string', default: '9000' },
        dir: { type: 'string', default: 'uploads' },
        help: { type: 'boolean', default: false },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`)
  }
  const toPort = (name: 'port' | 'oss-port'): number => {
    const number = Number(values[name])
    if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number
    throw new UsageError(`--${name} must be a port from 0 to 65535, not "${values[name]}"`)
  }
  return { ...values, port: toPort('port'), ossPort: toPort('oss-port') }
}

function taken(error: unknown, port: number, option: string): never {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
  throw new UsageError(`Port ${port} is taken: choose another with ${option}`)
}

async function listen(server: Server, port: number, option: string): Promise<number> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail)
    server.listen(port, '127.0.0.1', done)
  }).catch((error: unknown) => taken(error, port, option))
  return (server.address() as AddressInfo).port
}

try {
  await main()
} catch (error) {
  console.error(error instanceof UsageError ? error.message : error)
  process.exit(1)
}
