import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { printableKey, startEmbeddedOss, startErrorText } from '@oss-direct-upload/embedded-oss'
import { CLIENT_DIR } from '@oss-direct-upload/page-build'
import { buildClientIfChanged } from '@oss-direct-upload/page-build/cached'
import { closeOnSignal } from '@oss-direct-upload/process/close-on-signal'
import { ListenError } from '@oss-direct-upload/process/listen'
import { UsageError } from '@oss-direct-upload/process/usage-error'
import { startServer } from '@oss-direct-upload/server'
import type { DemoArguments } from './arguments.ts'

const BUCKET = 'demo-bucket'
/** Host names and addresses of a server on loopback. */
const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]']
const REGION = 'ap-southeast-1'

/**
 * Starts the demo, which runs until SIGINT or SIGTERM.
 *
 * @throws UsageError when a port or the folder cannot be used
 */
export async function runDemo(options: DemoArguments): Promise<void> {
  const demo = await startDemo(options)
  closeOnSignal(() => demo.close())
  console.log(`Uploads land in ${resolve(options.dir, BUCKET)}`)
  // Printed last: tests upload or send a signal once they have read this line.
  console.log(`OssClientAddress: ${demo.address}`)
}

/**
 * Starts page, signing server and embedded OSS. Listens on both ports before it opens or builds
 * anything, so that a second demo on the same ports leaves the files of the first one alone.
 *
 * @throws UsageError when a port or the folder cannot be used
 */
export async function startDemo(options: DemoArguments) {
  const { port, ossPort, dir, allowedHosts, allowPrivateCallbacks } = options
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
            // As of the stack's bucket.
            maxAgeSeconds: 600,
          },
        ],
      },
    ],
    // Not every browser resolves names under localhost.
    bucketOfAddress: BUCKET,
    allowPrivateCallbacks,
    allowedHosts: ['127.0.0.1', 'localhost', '*.localhost'],
    onObject: ({ key, size }) => console.log(`Stored ${printableKey(key)} (${size} bytes)`),
  }).catch((error: unknown) => {
    const text = startErrorText(error, resolve(dir), '--oss-port')
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
      tokenSecret: await persistentSecret(dir),
    },
    clientDir: CLIENT_DIR,
    allowedHosts: [...LOOPBACK_HOSTS, ...allowedHosts],
    // Enough for a folder of photos.
    signaturesPerMinute: 10_000,
    port,
    host: '127.0.0.1',
  }).catch(async (error: unknown) => {
    await oss.close()
    throw error instanceof ListenError ? new UsageError(`${error.message} with --port`) : error
  })
  await buildClientIfChanged()
  return {
    address: `http://127.0.0.1:${web.port}`,
    async close(): Promise<void> {
      await Promise.all([web.close(), oss.close()])
    },
  }
}

// The access key changes with every start. Tokens of multipart uploads have to survive it.
async function persistentSecret(dir: string): Promise<string> {
  const path = join(dir, '.oss', 'demo-secret')
  const known = await readFile(path, 'utf8').catch(() => '')
  if (known !== '') return known
  const secret = randomBytes(24).toString('base64url')
  await writeFile(path, secret, { mode: 0o600 })
  return secret
}
