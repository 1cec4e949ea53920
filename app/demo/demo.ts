import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CLIENT_DIR } from '../client/build/build.ts'
import { currentClient } from '../client/build/cached-build.ts'
import { startEmbeddedOss } from '../oss/index.ts'
import { printableKey } from '../oss/printable-key.ts'
import { startFailureText } from '../oss/start-failure.ts'
import { ListenError } from '../process/listen.ts'
import { UsageError } from '../process/usage-error.ts'
import { startServer } from '../server/index.ts'
import type { LocalArguments } from './arguments.ts'

const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'

/** Runs the demo until it is told to end. @throws UsageError when it cannot be started so */
export async function runDemo(asked: LocalArguments): Promise<void> {
  const demo = await startDemo(asked)
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    void demo.close().then(() => process.exit(0))
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  console.log(`Uploads land in ${resolve(asked.dir, BUCKET)}`)
  // Last: whoever reads this line may upload, or send a signal, at once.
  console.log(`OssClientAddress: ${demo.address}`)
}

// Both ports are taken before anything is built or opened: a second start that cannot have them
// leaves the first one as it is.
async function startDemo({ port, ossPort, dir }: LocalArguments) {
  const credentials = {
    accessKeyId: `LOCAL${randomBytes(8).toString('hex')}`,
    accessKeySecret: randomBytes(24).toString('base64url'),
  }
  const oss = await startEmbeddedOss({
    dir,
    region: REGION,
    port: ossPort,
    keys: [credentials],
    buckets: [
      {
        name: BUCKET,
        corsRules: [
          {
            allowedOrigins: ['*'],
            allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'],
            allowedHeaders: ['*'],
            exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
          },
        ],
      },
    ],
    // By its address too, as not every browser knows names under localhost.
    bucketOfAddress: BUCKET,
    onObject: ({ key, size }) => console.log(`Stored ${printableKey(key)} (${size} bytes)`),
  }).catch((error: unknown) => {
    const text = startFailureText(error, resolve(dir), '--oss-port')
    throw text === undefined ? error : new UsageError(text)
  })
  const uploadHost = `http://127.0.0.1:${oss.port}`
  const web = await startServer({
    signing: {
      credentials,
      bucket: BUCKET,
      region: REGION,
      uploadHost,
      multipart: {},
      callbackSecret: await demoSecret(dir),
    },
    clientDir: CLIENT_DIR,
    // Who tries it out with a folder of photographs is nobody to be kept off.
    signaturesPerMinute: 10_000,
    port,
    host: '127.0.0.1',
  }).catch(async (error: unknown) => {
    await oss.close()
    throw error instanceof ListenError ? new UsageError(`${error.message} with --port`) : error
  })
  await currentClient()
  return {
    address: `http://127.0.0.1:${web.port}`,
    async close(): Promise<void> {
      await Promise.all([web.close(), oss.close()])
    },
  }
}

// The key is another one at every start; an upload in parts is to go on all the same.
async function demoSecret(dir: string): Promise<string> {
  const path = join(dir, '.oss', 'demo-secret')
  const known = await readFile(path, 'utf8').catch(() => '')
  if (known !== '') return known
  const secret = randomBytes(24).toString('base64url')
  await writeFile(path, secret, { mode: 0o600 })
  return secret
}
