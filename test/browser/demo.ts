import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { startEmbeddedOss } from '../../app/oss/index.ts'
import { objectPath } from '../../app/oss/store/object-path.ts'
import { type AppOptions, createApp } from '../../app/server/create-app.ts'
import type { SigningOptions } from '../../app/server/signing-options.ts'
import { type BucketProxy, startBucketProxy } from './bucket-proxy.ts'
import { listen } from './listen.ts'

const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'
const KEY = { accessKeyId: 'LTAI5tDemo', accessKeySecret: 'secret' }

/** Host names that the browser resolves to this machine. None is a secure context, as localhost is. */
export const HOSTS = {
  'demo.example': '127.0.0.1',
  'bucket.example': '127.0.0.1',
  'elsewhere.example': '127.0.0.1',
}

export interface DemoOptions {
  /** Changes to the signing options, which keep the names of files. */
  signing?: Partial<SigningOptions>
  /** Changes to the application's other options. */
  app?: Partial<AppOptions>
  /** Whether the bucket's CORS rules let pages post to it. @default true */
  cors?: boolean
  /** Whether pages may read the checksum of what they have stored. @default false */
  exposesChecksum?: boolean
  /** Handles OSS's callbacks. @default no callbacks */
  onUploaded?: SigningOptions['onUploaded']
  /** Whether there is a proxy between browser and bucket. @default false */
  proxy?: boolean
}

/** A signing server and an embedded OSS. */
export interface Demo {
  /** The page's address, under a name that is not localhost. */
  address: string
  /** The same for requests from outside the browser. */
  local: string
  /** Origin that files are posted to. */
  uploadHost: string
  /** The proxy between browser and bucket, if there is one. */
  proxy: BucketProxy | undefined
  /** Returns the SHA-256 of each stored file by its path in the bucket's folder; see `storedPath`. */
  stored(): Promise<Record<string, string>>
  /** Returns the number of files of unfinished uploads on the disk. */
  unfinished(): Promise<number>
  close(): Promise<void>
}

/**
 * Starts both on free ports.
 *
 * @param clientDir Folder of the built page
 */
export async function startDemo(clientDir: string, options: DemoOptions = {}): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-'))
  const corsRules =
    options.cors === false
      ? []
      : [
          {
            allowedOrigins: ['*'],
            allowedMethods: ['POST'],
            allowedHeaders: ['*'],
            exposeHeaders: options.exposesChecksum ? ['x-oss-hash-crc64ecma'] : [],
          },
        ]
  const oss = await startEmbeddedOss({
    allowPrivateCallbacks: true,
    dir: folder,
    region: REGION,
    keys: [KEY],
    buckets: [{ name: BUCKET, corsRules }],
    customDomains: { 'bucket.example': BUCKET },
  })
  const proxy = options.proxy ? await startBucketProxy(oss.port) : undefined
  const uploadHost = `http://bucket.example:${proxy?.port ?? oss.port}`
  const web = createServer()
  const port = await listen(web)
  const { onUploaded } = options
  const signing: SigningOptions = {
    credentials: KEY,
    bucket: BUCKET,
    region: REGION,
    uploadHost,
    naming: 'keep',
    ...(onUploaded === undefined
      ? {}
      : {
          onUploaded,
          callbackUrl: `http://127.0.0.1:${port}/callback`,
          fetchPublicKey: async () => oss.callbackPublicKey,
        }),
    ...options.signing,
  }
  web.on('request', createApp({ clientDir, ...options.app, signing }))
  const root = join(folder, BUCKET)
  return {
    address: `http://demo.example:${port}`,
    local: `http://127.0.0.1:${port}`,
    uploadHost,
    proxy,
    async stored() {
      const objects: Record<string, string> = {}
      for (const path of await filesBelow(root)) {
        objects[relative(root, path)] = await hashOf(path)
      }
      return objects
    },
    async unfinished() {
      return (await filesBelow(join(folder, '.oss', 'staging'))).length
    },
    async close() {
      await Promise.all([stop(web), proxy?.close(), oss.close()])
      await rm(folder, { recursive: true })
    },
  }
}

/** Returns the path of an object in the bucket's folder. */
export function storedPath(key: string): string {
  return join(...objectPath(key))
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Returns the SHA-256 of a file in hex. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** Closes a server and its connections. */
export async function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((done) => server.close(done))
}
