import { combineCrc64 } from '@oss-direct-upload/crc64/combine'
import { errorKind, pageError } from '../error-kind.ts'
import { type RetryOptions, retryRequest } from '../retry-policy.ts'
import { type StoredFile, storedFile } from '../stored-file.ts'
import { UploadError } from '../upload-error.ts'
import { elementText } from '../xml.ts'
import { MultipartClient } from './multipart-client.ts'
import type { MultipartInput } from './options.ts'
import { completeDocument, type PartListPage, parsePartList, type StoredPart } from './part-list.ts'
import { PartQueue } from './part-queue.ts'
import { PartUrls } from './part-urls.ts'
import { type BucketReply, sendPresigned } from './presigned-request.ts'
import type { FileIdentity, ResumeRecord } from './resume-store.ts'
import { isStale, StaleUploadError } from './stale-upload-error.ts'

/** The bucket takes longer to complete an upload of many parts. */
const COMPLETE_TIMEOUT_MS = 300_000
const NEVER_ABORTED = new AbortController().signal

/** Returns what identifies the file of an upload. */
export function fileIdentity({ serverUrl, file, lastModifiedMs }: MultipartInput): FileIdentity {
  const { name, type, size } = file
  return { serverUrl, name, type, size, lastModified: lastModifiedMs ?? 0 }
}

/** One multipart upload, from its start or from where it stopped. */
export class MultipartUpload {
  readonly #input: MultipartInput
  readonly #id: string
  readonly #server: MultipartClient
  readonly #retryOptions: RetryOptions
  /** Whether the bucket has accepted a request of this upload since the page was loaded. */
  #isConfirmed = false
  /** Whether the server's key may list parts. */
  #canList = true

  /** @param id Fingerprint of the file */
  constructor(input: MultipartInput, id: string) {
    const { platform, signal, onProgress, gate } = input
    this.#input = input
    this.#id = id
    this.#server = new MultipartClient(input)
    this.#retryOptions = {
      connection: platform.connection,
      signal,
      onDelay: (reason) => {
        if (gate.isPaused) return
        onProgress(reason === 'offline' ? { kind: 'offline' } : { kind: 'retrying', ...reason })
      },
    }
  }

  /**
   * @param found Record of an earlier upload of the file
   * @throws UploadError of the last attempt; see `isStale` for those after which to start again
   * @throws the signal's reason when it is aborted
   */
  async run(found: ResumeRecord | undefined): Promise<StoredFile> {
    const { platform, signal, data, gate } = this.#input
    await gate.untilResumed(signal)
    const record = found ?? (await this.#start())
    const known = found ? await this.#storedParts(found) : []
    if (known === 'completed') return storedFile(record.key, 200, '')
    const { token, uploadId, partSize } = record
    const urls = new PartUrls(Math.ceil(data.size / partSize), (from, to) =>
      this.#server.signParts(token, uploadId, from, to, signal),
    )
    const findPart = (n: number): Promise<StoredPart | undefined> => this.#findPart(record, n)
    const queue = new PartQueue(this.#input, { partSize, urls, findPart }, (part) => {
      this.#isConfirmed = true
      platform.resumeStore.addPart(this.#id, part)
    })
    const parts = await queue.send(known)
    await gate.untilResumed(signal)
    await queue.checkFile()
    const { key } = record
    const { status, text, crc64 } = await this.#complete(record, parts)
    if (crc64 !== undefined && crc64 !== (await fileCrc64(queue))) {
      platform.resumeStore.remove(this.#id)
      throw new UploadError(pageError('checksumMismatch'))
    }
    // Without a callback the body is OSS's own document.
    const isOssDocument = status !== 203 && text.trimStart().startsWith('<')
    return storedFile(key, status, isOssDocument ? '' : text)
  }

  async #start(): Promise<ResumeRecord> {
    const { file, signal, platform } = this.#input
    let bucketUrl = ''
    const explainSilence = (): Promise<void> => this.#explainSilence(bucketUrl)
    const options = { ...this.#retryOptions, explainSilence }
    const { planned, uploadId } = await retryRequest(async () => {
      const planned = await this.#server.start(file, signal)
      bucketUrl = planned.initiate.url
      signal.throwIfAborted()
      const signedMs = performance.now()
      // Not aborted: the upload exists once the bucket has the request, and only its id can end it.
      const reply = await sendPresigned(planned.initiate, undefined, NEVER_ABORTED).catch(
        (error) => {
          const isFresh = performance.now() - signedMs < planned.expiresIn * 1000
          throw isFresh ? clockSkewError(error) : error
        },
      )
      return { planned, uploadId: elementText(reply.text, 'UploadId') }
    }, options)
    const { key, token, partSize, tokenExpire: expires } = planned
    const record: ResumeRecord = {
      ...fileIdentity(this.#input),
      ...{ key, token, partSize, uploadId, expires },
      renamed: file.rename,
      completing: false,
    }
    this.#isConfirmed = true
    platform.resumeStore.create(record)
    return record
  }

  /** Returns the parts that the bucket lists or, where it does not, those that are in the record. */
  async #storedParts(record: ResumeRecord): Promise<StoredPart[] | 'completed'> {
    const { signal, platform } = this.#input
    const parts: StoredPart[] = []
    try {
      for (let after: string | undefined = '0'; after !== undefined; ) {
        const page: PartListPage = await this.#listParts(record, after)
        parts.push(...page.parts)
        after = page.next
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!isStale(error)) return platform.resumeStore.parts(this.#id)
      const { source } = (error as UploadError).details
      if (record.completing && source === 'bucket') return 'completed'
      throw error
    }
    this.#isConfirmed = true
    return parts
  }

  async #listParts({ token, uploadId }: ResumeRecord, after: string): Promise<PartListPage> {
    const { signal } = this.#input
    const request = await this.#server.sign('list', { token, uploadId, after }, signal)
    return parsePartList((await sendPresigned(request, undefined, signal)).text)
  }

  async #findPart(record: ResumeRecord, n: number): Promise<StoredPart | undefined> {
    if (!this.#canList) return undefined
    try {
      const { parts } = await this.#listParts(record, String(n - 1))
      return parts.find(({ partNumber }) => partNumber === n)
    } catch (error) {
      this.#input.signal.throwIfAborted()
      if (error instanceof UploadError && error.details.status === 403) this.#canList = false
      return undefined
    }
  }

  async #complete(record: ResumeRecord, parts: readonly StoredPart[]): Promise<BucketReply> {
    const { signal, platform, onProgress, data } = this.#input
    const { token, uploadId } = record
    const setCompleting = (completing: boolean): void =>
      platform.resumeStore.update({ ...record, completing })
    onProgress({ kind: 'sending', sentBytes: data.size })
    let wasRequested = record.completing
    setCompleting(true)
    try {
      return await retryRequest(async () => {
        const request = await this.#server.sign('complete', { token, uploadId }, signal)
        try {
          return await sendPresigned(request, completeDocument(parts), signal, COMPLETE_TIMEOUT_MS)
        } catch (error) {
          // OSS completes an upload even when the connection is lost meanwhile, and then no longer
          // knows it.
          if (wasRequested && this.#isConfirmed && isStale(error)) return { status: 200, text: '' }
          wasRequested = true
          throw error
        }
      }, this.#retryOptions)
    } catch (error) {
      if (error instanceof UploadError) {
        const { status, code } = error.details
        if (status >= 400) setCompleting(false)
        // A part is missing or has been replaced.
        if (code === 'InvalidPart') throw new StaleUploadError(code, error)
      }
      throw error
    }
  }

  // A browser reports a bucket without CORS rules like a lost connection.
  async #explainSilence(bucketUrl: string): Promise<void> {
    const { platform, signal } = this.#input
    if (await platform.connection.isReachable(new URL(bucketUrl).origin, signal)) {
      throw new UploadError(pageError('corsMultipart'))
    }
  }
}

async function fileCrc64(queue: PartQueue): Promise<string> {
  const parts = await queue.checksums()
  return String(parts.reduce((crc, { crc64, size }) => combineCrc64(crc, crc64, size), 0n))
}

// A request that has just been signed cannot have expired: bucket and server differ about the time.
function clockSkewError(error: unknown): unknown {
  if (!(error instanceof UploadError)) return error
  const kind = errorKind(error.details)
  if (kind !== 'urlExpired' && kind !== 'policyExpired') return error
  return new UploadError({ ...error.details, source: 'page', code: 'clockSkew' })
}
