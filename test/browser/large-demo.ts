import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CorsRule, type EmbeddedOss, startEmbeddedOss } from '../../app/oss/index.ts'
import { createApp } from '../../app/server/create-app.ts'
import type { SigningOptions } from '../../app/server/signing-options.ts'
import { freePort } from '../free-port.ts'
import { type BucketProxy, startBucketProxy } from './bucket-proxy.ts'
import { hashOf, stop } from './demo.ts'
import { listen } from './listen.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'
const MIB = 1024 * 1024
const KEY = { accessKeyId: 'LTAI5tLarge', accessKeySecret: 'secret' }
const PLAN = { threshold: 5 * MIB, partSize: MIB, maxSize: 10_000 * MIB }

/** CORS rule that uploads in parts need. */
export const PARTS_RULE: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
}

export interface LargeDemoOptions {
  /** Changes to the signing options. */
  signing?: Partial<SigningOptions>
  /** @default PARTS_RULE */
  corsRule?: CorsRule
  /** RAM actions of the signing key. @default those that resuming and cancelling need, too */
  actions?: string[]
  /** Whether the signing server asks for its key each time. @default false */
  rotates?: boolean
}

/** A complete part that the bucket has received. */
export interface Receipt {
  partNumber: number
  /** Port of the connection; see `BucketProxy.ended`. */
  port: number
  /** When the request started, on the clock of `performance`. */
  startedMs: number
}

/** An embedded OSS behind a proxy. */
interface LargeBucket {
  proxy: BucketProxy
  oss: EmbeddedOss
  /** Returns the key that the bucket accepts. */
  credentials: () => Promise<typeof KEY>
  /** Replaces that key. The signing server uses the new one if it asks for `credentials`. */
  rotateKey(): void
  /** Returns the SHA-256 of an object; `undefined` when there is none. */
  hashOfObject(key: string): Promise<string | undefined>
  /** Returns the number of unfinished multipart uploads. */
  unfinished(): Promise<number>
  /** In order of arrival. */
  received: Receipt[]
  close(): Promise<void>
}

/** A signing server and an embedded OSS behind a proxy. */
export interface LargeDemo extends LargeBucket {
  /** The page's address, under a name that is not localhost. */
  address: string
}

/** The same with the signing server in its own process. */
export interface LargeDemoWithProcess extends LargeDemo {
  /** Kills the signing server. */
  killServer(): Promise<void>
  /** Starts the signing server again, on the same port. */
  startServer(): Promise<void>
}

/** Starts both on free ports. @param clientDir Folder of the built page */
export async function startLargeDemo(
  clientDir: string,
  options: LargeDemoOptions = {},
): Promise<LargeDemo> {
  const bucket = await startBucket(options)
  const web = createServer(
    createApp({
      clientDir,
      signaturesPerMinute: 1000,
      signing: {
        credentials: options.rotates ? bucket.credentials : KEY,
        bucket: BUCKET,
        region: REGION,
        uploadHost: uploadHost(bucket),
        naming: 'keep',
        multipart: PLAN,
        ...options.signing,
      },
    }),
  )
  const port = await listen(web)
  return {
    ...bucket,
    address: `http://demo.example:${port}`,
    async close() {
      bucket.proxy.release()
      await stop(web)
      await bucket.close()
    },
  }
}

/** Starts both, the signing server as `node app/server/main.ts`. @param expiresInSeconds Lifetime of signatures */
export async function startLargeDemoWithProcess(
  clientDir: string,
  expiresInSeconds: number,
): Promise<LargeDemoWithProcess> {
  const bucket = await startBucket({})
  const start = (port: number): Promise<ServerProcess> =>
    startServerProcess({
      OSS_ACCESS_KEY_ID: KEY.accessKeyId,
      OSS_ACCESS_KEY_SECRET: KEY.accessKeySecret,
      OSS_BUCKET: BUCKET,
      OSS_REGION: REGION,
      UPLOAD_HOST: uploadHost(bucket),
      NAMING: 'keep',
      MULTIPART: 'on',
      MULTIPART_THRESHOLD: String(PLAN.threshold),
      MULTIPART_MAX_SIZE: String(PLAN.maxSize),
      PART_SIZE: String(PLAN.partSize),
      EXPIRES_SECONDS: String(expiresInSeconds),
      CLIENT_DIR: clientDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'silent',
    })
  const port = await freePort()
  let server = await start(port)
  return {
    ...bucket,
    address: `http://demo.example:${port}`,
    killServer: () => server.kill(),
    async startServer() {
      server = await start(port)
    },
    async close() {
      bucket.proxy.release()
      await server.kill()
      await bucket.close()
    },
  }
}

const uploadHost = ({ proxy }: LargeBucket): string => `http://bucket.example:${proxy.port}`

async function startBucket(options: LargeDemoOptions): Promise<LargeBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'large-'))
  const Action = options.actions ?? ['oss:PutObject', 'oss:ListParts', 'oss:AbortMultipartUpload']
  const Resource = [`acs:oss:*:*:${BUCKET}/upload/*`]
  const Statement = [{ Effect: 'Allow' as const, Action, Resource }]
  const received: Receipt[] = []
  let key = KEY
  const oss = await startEmbeddedOss({
    dir: folder,
    region: REGION,
    keys: (id) =>
      id === key.accessKeyId ? { ...key, policies: [{ Version: '1', Statement }] } : undefined,
    buckets: [{ name: BUCKET, corsRules: [options.corsRule ?? PARTS_RULE] }],
    customDomains: { 'bucket.example': BUCKET },
    onCall: ({ request }) => {
      const number = /[?&]partNumber=(\d+)/.exec(request.url ?? '')?.[1]
      if (request.method !== 'PUT' || number === undefined) return
      const port = request.socket.remotePort ?? 0
      const receipt = { partNumber: Number(number), port, startedMs: performance.now() }
      request.once('close', () => {
        if (request.complete) received.push(receipt)
      })
    },
  })
  const proxy = await startBucketProxy(oss.port)
  const bucket = oss.store.find(BUCKET)
  return {
    proxy,
    oss,
    received,
    credentials: async () => key,
    rotateKey() {
      key = { accessKeyId: 'LTAI5tRotated', accessKeySecret: 'other secret' }
    },
    async hashOfObject(object) {
      return hashOf(join(folder, BUCKET, object)).catch(() => undefined)
    },
    unfinished: async () => (await bucket?.uploads.list())?.length ?? 0,
    async close() {
      await proxy.close()
      await oss.close()
      await rm(folder, { recursive: true })
    },
  }
}
