import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, vi } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import type { MultipartPlatform } from '../../../app/client/uploader/multipart/options.ts'
import type { PartReply } from '../../../app/client/uploader/multipart/send-part.ts'
import type { ErrorDetails } from '../../../app/client/uploader/upload-error.ts'
import type { EmbeddedOss } from '../../../app/oss/index.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { type Embedded, startEmbedded } from '../../large/embedded-large.ts'
import { nodePlatform } from '../../large/node-platform.ts'

/** Bytes of a part: the smallest size that OSS accepts. */
export const PART = 100 * 1024

/** A bucket and a signing server for parts of 100 KiB. */
export class MultipartBucket {
  #embedded: Embedded | undefined
  #folder = ''

  get folder(): string {
    return this.#folder
  }

  get serverUrl(): string {
    return this.#running.serverUrl
  }

  get oss(): EmbeddedOss {
    return this.#running.oss
  }

  /** Errors that the server has reported. */
  get reported(): unknown[] {
    return this.#running.reported
  }

  /** Starts both again. @param signing Changes to the signing options */
  async start(
    signing: (serverUrl: string, oss: EmbeddedOss) => Partial<SigningOptions> = () => ({}),
  ): Promise<void> {
    await this.stop()
    this.#folder = await mkdtemp(join(tmpdir(), 'parts-'))
    this.#embedded = await startEmbedded(join(this.#folder, 'oss'), (serverUrl, oss) => ({
      multipart: { partSize: PART, maxSize: 10_000 * PART },
      ...signing(serverUrl, oss),
    }))
  }

  async stop(): Promise<void> {
    await this.#embedded?.close()
    this.#embedded = undefined
    if (this.#folder !== '') await rm(this.#folder, { recursive: true })
    this.#folder = ''
  }

  async stored(key = 'upload/large.bin'): Promise<Buffer | undefined> {
    const object = await this.#bucket?.objects.open(key)
    return object && buffer(object.stream())
  }

  /** Ids of the uploads that are neither completed nor aborted. */
  async unfinished(): Promise<string[]> {
    return ((await this.#bucket?.uploads.list()) ?? []).map(({ uploadId }) => uploadId)
  }

  get #bucket() {
    return this.#running.oss.store.find('large-bucket')
  }

  get #running(): Embedded {
    if (!this.#embedded) throw new Error('The bucket has not been started')
    return this.#embedded
  }
}

/** Starts a new bucket for every test of a file. */
export function multipartBucket(): MultipartBucket {
  const bucket = new MultipartBucket()
  beforeEach(() => bucket.start())
  afterEach(async () => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    await bucket.stop()
  })
  return bucket
}

/** Returns the number of the part that a URL is for. */
export const partNumberOf = (url: string): number =>
  Number(new URL(url).searchParams.get('partNumber'))

/** Sends a part, perhaps with other bytes. */
type Send = (part?: Blob) => Promise<PartReply>

/** Returns a platform whose parts are sent by `intercept`. */
export function platformWith(
  intercept: (partNumber: number, send: Send, part: Blob) => Promise<PartReply>,
  storage = memoryStorage(),
): MultipartPlatform {
  const platform = nodePlatform(storage)
  return {
    ...platform,
    sendPart: (url, part, onProgress, signal) => {
      const send: Send = (bytes = part) => platform.sendPart(url, bytes, onProgress, signal)
      return intercept(partNumberOf(url), send, part)
    },
  }
}

/** Error of a part that stops an upload at once. */
export const STOP: ErrorDetails = {
  ...{ source: 'bucket', status: 400, code: 'InvalidArgument' },
  ...{ message: '', requestId: '', ec: '' },
}

/** Intercepts the requests of one kind that are made by fetch. */
export function interceptFetch(
  isIntercepted: (method: string, url: string) => boolean,
  intercept: (send: () => Promise<Response>, signal: AbortSignal | null) => Promise<Response>,
): void {
  const original = fetch
  vi.stubGlobal('fetch', (url: string | URL, options: RequestInit = {}) => {
    const send = (): Promise<Response> => original(url, options)
    if (!isIntercepted(options.method ?? 'GET', String(url))) return send()
    return intercept(send, options.signal ?? null)
  })
}

/** Returns whether a request completes an upload. */
export const isCompletion = (method: string, url: string): boolean =>
  method === 'POST' && url.includes('uploadId=')
