import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Page } from 'playwright-core'
import { type CorsRule, type EmbeddedOss, startEmbeddedOss } from '../../app/oss/index.ts'
import { createApp } from '../../app/server/create-app.ts'
import type { SigningOptions } from '../../app/server/signing-options.ts'
import { type BucketLine, openLine } from './bucket-line.ts'
import { hashOf, listen, stop } from './demo.ts'

const BUCKET = 'demo-bucket'
const REGION = 'ap-southeast-1'
const MIB = 1024 * 1024

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

/** Signing server and embedded OSS for large files, with a line between browser and bucket. */
export interface LargeDemo {
  /** Of the page, under a name that is not localhost. */
  address: string
  line: BucketLine
  oss: EmbeddedOss
  /** Hash of an object's bytes; undefined when there is none. */
  hashOfObject(key: string): Promise<string | undefined>
  /** Multipart uploads that have not ended. */
  unfinished(): Promise<number>
  /** Numbers of the parts that the bucket has received whole, in order of arrival. */
  received: number[]
  /** Ends the signing server and starts another one in its place, that knows nothing of it. */
  restart(pauseMs?: number): Promise<void>
  close(): Promise<void>
}

/** Starts both on free ports. @param clientDir Folder of the built page */
export async function startLargeDemo(
  clientDir: string,
  options: LargeDemoOptions = {},
): Promise<LargeDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'large-'))
  const Action = options.actions ?? ['oss:PutObject', 'oss:ListParts', 'oss:AbortMultipartUpload']
  const key = {
    accessKeyId: 'LTAI5tLarge',
    accessKeySecret: 'secret',
    policies: [
      {
        Version: '1' as const,
        Statement: [
          { Effect: 'Allow' as const, Action, Resource: [`acs:oss:*:*:${BUCKET}/upload/*`] },
        ],
      },
    ],
  }
  const received: number[] = []
  const oss = await startEmbeddedOss({
    dir: folder,
    region: REGION,
    keys: [key],
    buckets: [{ name: BUCKET, corsRules: [options.corsRule ?? PARTS_RULE] }],
    customDomains: { 'bucket.example': BUCKET },
    onCall: ({ request }) => {
      const number = /[?&]partNumber=(\d+)/.exec(request.url ?? '')?.[1]
      if (request.method !== 'PUT' || number === undefined) return
      request.once('close', () => {
        if (request.complete) received.push(Number(number))
      })
    },
  })
  const line = await openLine(oss.port)
  const app = () =>
    createApp({
      clientDir,
      signaturesPerMinute: 1000,
      signing: {
        credentials: { accessKeyId: key.accessKeyId, accessKeySecret: key.accessKeySecret },
        bucket: BUCKET,
        region: REGION,
        uploadHost: `http://bucket.example:${line.port}`,
        naming: 'keep',
        multipart: { threshold: 5 * MIB, partSize: MIB },
        ...options.signing,
      },
    })
  let web: Server = createServer(app())
  const port = await listen(web)
  const bucket = oss.store.find(BUCKET)
  return {
    address: `http://demo.example:${port}`,
    line,
    oss,
    received,
    async hashOfObject(object) {
      return hashOf(join(folder, BUCKET, object)).catch(() => undefined)
    },
    unfinished: async () => (await bucket?.uploads.list())?.length ?? 0,
    async restart(pauseMs = 0) {
      await stop(web)
      await new Promise((done) => setTimeout(done, pauseMs))
      web = createServer(app())
      await new Promise<void>((done) => web.listen(port, '127.0.0.1', done))
    },
    async close() {
      line.release()
      await Promise.all([stop(web), line.close()])
      await oss.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** Writes a file no two parts of which are alike; returns its SHA-256. */
export async function writeLargeFile(path: string, bytes: number): Promise<string> {
  const block = Buffer.alloc(MIB)
  const hash = createHash('sha256')
  const blocks = function* () {
    for (let left = bytes, n = 0; left > 0; left -= MIB, n += 1) {
      block.fill(n % 251)
      block.writeUInt32BE(n)
      const bytes = Buffer.from(block.subarray(0, Math.min(left, MIB)))
      hash.update(bytes)
      yield bytes
    }
  }
  await pipeline(Readable.from(blocks()), createWriteStream(path))
  return hash.digest('hex')
}

/** Watches that no part is sent again once the page has been told that it arrived. */
export function watchParts(page: Page): { sentAgain: number[]; finished: Set<number> } {
  const watched = { sentAgain: [] as number[], finished: new Set<number>() }
  const numberOf = (url: string): number => Number(/[?&]partNumber=(\d+)/.exec(url)?.[1] ?? 0)
  page.on('request', (request) => {
    const number = numberOf(request.url())
    if (request.method() === 'PUT' && watched.finished.has(number)) watched.sentAgain.push(number)
  })
  page.on('response', (response) => {
    const number = numberOf(response.url())
    if (response.request().method() === 'PUT' && number > 0 && response.status() === 200) {
      watched.finished.add(number)
    }
  })
  return watched
}
