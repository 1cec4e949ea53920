import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, vi } from 'vitest'
import { memoryStorage } from '../../../app/client/uploader/multipart/memory-storage.ts'
import type { MultipartPlatform } from '../../../app/client/uploader/multipart/options.ts'
import { type ErrorDetails, UploadError } from '../../../app/client/uploader/upload-error.ts'
import type { EmbeddedOss } from '../../../app/oss/index.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { type Embedded, startEmbedded } from '../../large/embedded-large.ts'
import { nodePlatform } from '../../large/node-platform.ts'

/** Bytes of a part: the fewest that OSS takes. */
export const PART = 100 * 1024

/** A bucket and a signing server for parts of 100 KiB, new for every test. */
export class PartsBucket {
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

  /** Failures that are not the client's. */
  get reported(): unknown[] {
    return this.#running.reported
  }

  /** Starts it, in the place of one that runs. @param signing Laid over what is signed with */
  async start(
    signing: (serverUrl: string, oss: EmbeddedOss) => Partial<SigningOptions> = () => ({}),
  ): Promise<void> {
    await this.end()
    this.#folder = await mkdtemp(join(tmpdir(), 'parts-'))
    this.#embedded = await startEmbedded(join(this.#folder, 'oss'), (serverUrl, oss) => ({
      multipart: { partSize: PART },
      ...signing(serverUrl, oss),
    }))
  }

  async end(): Promise<void> {
    await this.#embedded?.close()
    this.#embedded = undefined
    if (this.#folder !== '') await rm(this.#folder, { recursive: true })
    this.#folder = ''
  }

  async stored(key = 'upload/large.bin'): Promise<Buffer | undefined> {
    const object = await this.#bucket?.objects.open(key)
    return object && buffer(object.stream())
  }

  /** Ids of the uploads that have not ended. */
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

/** For a test file. */
export function partsBucket(): PartsBucket {
  const bucket = new PartsBucket()
  beforeEach(() => bucket.start())
  afterEach(async () => {
    vi.unstubAllGlobals()
    vi.restoreAllMocks()
    await bucket.end()
  })
  return bucket
}

/** Of a part's URL. */
export const partOf = (url: string): number => Number(new URL(url).searchParams.get('partNumber'))

/** A platform whose parts go through `send` first. */
export function platformWith(
  send: (partNumber: number) => ErrorDetails | undefined,
  storage = memoryStorage(),
): MultipartPlatform {
  const platform = nodePlatform(storage)
  return {
    ...platform,
    sendPart: async (url, part, onProgress, signal) => {
      const details = send(partOf(url))
      if (details) throw new UploadError(details)
      return platform.sendPart(url, part, onProgress, signal)
    },
  }
}

/** Puts `intercept` before the calls of one kind that are made by fetch. */
export function interceptFetch(
  isMeant: (method: string, url: string) => boolean,
  intercept: (real: () => Promise<Response>, signal: AbortSignal | null) => Promise<Response>,
): void {
  const real = fetch
  vi.stubGlobal('fetch', (url: string | URL, options: RequestInit = {}) => {
    const call = (): Promise<Response> => real(url, options)
    if (!isMeant(options.method ?? 'GET', String(url))) return call()
    return intercept(call, options.signal ?? null)
  })
}

/** Whether a call on the bucket completes an upload. */
export const isCompletion = (method: string, url: string): boolean =>
  method === 'POST' && url.includes('uploadId=')
