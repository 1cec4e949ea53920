import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CorsRule, type EmbeddedOss, startEmbeddedOss } from '../../app/oss/index.ts'
import { createApp } from '../../app/server/create-app.ts'
import type { SigningOptions } from '../../app/server/signing-options.ts'
import { type BucketLine, openLine } from './bucket-line.ts'
import { hashOf, listen, stop } from './demo.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'
const MIB = 1024 * 1024
const KEY = { accessKeyId: 'LTAI5tLarge', accessKeySecret: 'secret' }
const PLAN = { threshold: 5 * MIB, partSize: MIB }

/** What a bucket's rule must allow for uploads in parts. */
export const PARTS_RULE: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['POST', 'PUT', 'GET', 'DELETE'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
}

export interface LargeDemoOptions {
  /** Laid over what the demo signs with. */
  signing?: Partial<SigningOptions>
  /** @default PARTS_RULE */
  corsRule?: CorsRule
  /** RAM actions that the signing key has. @default those for resuming and cancelling too */
  actions?: string[]
}

/** A part that the bucket has received whole. */
export interface Receipt {
  partNumber: number
  /** Of the connection, as the line knows it. */
  port: number
  /** When its request began, on the clock of `performance`. */
  began: number
}

/** Embedded OSS with a line between browser and bucket, and a bucket's view of what arrives. */
interface LargeBucket {
  line: BucketLine
  oss: EmbeddedOss
  /** Hash of an object's bytes; undefined when there is none. */
  hashOfObject(key: string): Promise<string | undefined>
  /** Multipart uploads that have not ended. */
  unfinished(): Promise<number>
  /** In order of arrival. */
  received: Receipt[]
  close(): Promise<void>
}

/** The same with a signing server. */
export interface LargeDemo extends LargeBucket {
  /** Of the page, under a name that is not localhost. */
  address: string
}

/** The same with a signing server that is a process of its own. */
export interface LargeDemoOfProcess extends LargeDemo {
  /** Kills the signing server by SIGKILL. */
  killServer(): Promise<void>
  /** Starts another one in its place, with the same environment. */
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
        credentials: KEY,
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
      bucket.line.release()
      await stop(web)
      await bucket.close()
    },
  }
}

/** The same with `node app/server/main.ts`. @param expiresInSeconds How long what it signs lives */
export async function startLargeDemoOfProcess(
  clientDir: string,
  expiresInSeconds: number,
): Promise<LargeDemoOfProcess> {
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
      PART_SIZE: String(PLAN.partSize),
      EXPIRES_SECONDS: String(expiresInSeconds),
      CLIENT_DIR: clientDir,
      HOST: '127.0.0.1',
      PORT: String(port),
      LOG_LEVEL: 'silent',
    })
  let server = await start(0)
  const { port } = server
  return {
    ...bucket,
    address: `http://demo.example:${port}`,
    killServer: () => server.kill(),
    async startServer() {
      server = await start(port)
    },
    async close() {
      bucket.line.release()
      await server.kill()
      await bucket.close()
    },
  }
}

const uploadHost = ({ line }: LargeBucket): string => `http://bucket.example:${line.port}`

async function startBucket(options: LargeDemoOptions): Promise<LargeBucket> {
  const folder = await mkdtemp(join(tmpdir(), 'large-'))
  const Action = options.actions ?? ['oss:PutObject', 'oss:ListParts', 'oss:AbortMultipartUpload']
  const Resource = [`acs:oss:*:*:${BUCKET}/upload/*`]
  const Statement = [{ Effect: 'Allow' as const, Action, Resource }]
  const received: Receipt[] = []
  const oss = await startEmbeddedOss({
    dir: folder,
    region: REGION,
    keys: [{ ...KEY, policies: [{ Version: '1', Statement }] }],
    buckets: [{ name: BUCKET, corsRules: [options.corsRule ?? PARTS_RULE] }],
    customDomains: { 'bucket.example': BUCKET },
    onCall: ({ request }) => {
      const number = /[?&]partNumber=(\d+)/.exec(request.url ?? '')?.[1]
      if (request.method !== 'PUT' || number === undefined) return
      const port = request.socket.remotePort ?? 0
      const receipt = { partNumber: Number(number), port, began: performance.now() }
      request.once('close', () => {
        if (request.complete) received.push(receipt)
      })
    },
  })
  const line = await openLine(oss.port)
  const bucket = oss.store.find(BUCKET)
  return {
    line,
    oss,
    received,
    async hashOfObject(object) {
      return hashOf(join(folder, BUCKET, object)).catch(() => undefined)
    },
    unfinished: async () => (await bucket?.uploads.list())?.length ?? 0,
    async close() {
      await line.close()
      await oss.close()
      await rm(folder, { recursive: true })
    },
  }
}
