import { combineCrc64 } from '../../../crc64/combine.ts'
import { errorKind, SIGNED_IN_THE_PAST } from '../error-kind.ts'
import { type RetryOptions, retryRequest } from '../retry-policy.ts'
import { bucketError, noResponse, UploadError } from '../upload-error.ts'
import type { StoredFile } from '../upload-form.ts'
import { MultipartClient } from './multipart-client.ts'
import type { MultipartInput } from './options.ts'
import { PartQueue } from './part-queue.ts'
import { PartUrls } from './part-urls.ts'
import {
  type BucketReply,
  completeDocument,
  elementText,
  parsePartList,
  type StoredPart,
  sendPresigned,
} from './presigned-request.ts'
import type { FileIdentity, ResumeRecord } from './resume-store.ts'
import { isStale, StaleUploadError } from './stale-upload-error.ts'

/** Milliseconds in which a bucket makes one object of the parts; it takes longer for many. */
const COMPLETION_MS = 300_000
/** Never aborted. */
const UNTIL_ANSWERED = new AbortController().signal

/** What tells the file of an upload from others. */
export function identityOf({ serverUrl, file, lastModified }: MultipartInput): FileIdentity {
  const { name, type, size } = file
  return { serverUrl, name, type, size, lastModified: lastModified ?? 0 }
}

/** One upload from its beginning, or from where it was, to the object. */
export class MultipartUpload {
  readonly #input: MultipartInput
  readonly #id: string
  readonly #server: MultipartClient
  readonly #persistence: RetryOptions
  /** Whether the bucket has shown in this session that it knows the upload. */
  #isKnown = false
  /** Whether the bucket tells which parts it has. */
  #mayList = true

  constructor(input: MultipartInput, id: string) {
    const { platform, signal, onStep, gate } = input
    this.#input = input
    this.#id = id
    this.#server = new MultipartClient(input.serverUrl, input.accessCode)
    this.#persistence = {
      connection: platform.connection,
      signal,
      onWait: (why) => {
        if (gate.isPaused) return
        onStep(why === 'offline' ? { kind: 'offline' } : { kind: 'retrying', ...why })
      },
    }
  }

  /**
   * @param found What was noted of it, if it was begun earlier
   * @throws UploadRefusedError for the last refusal; see isStale for those that ask to begin anew
   * @throws the signal's reason when aborted
   */
  async run(found: ResumeRecord | undefined): Promise<StoredFile> {
    const { platform, signal, data, gate } = this.#input
    await gate.pass(signal)
    const record = found ?? (await this.#begin())
    const known = found ? await this.#earlierParts(found) : []
    if (known === 'stored') return { key: record.key, status: 200, reply: '' }
    const { token, uploadId, partSize } = record
    const urls = new PartUrls(Math.ceil(data.size / partSize), (from, to) =>
      this.#server.parts(token, uploadId, from, to, signal),
    )
    const lookUp = (n: number): Promise<StoredPart | undefined> => this.#lookUp(record, n)
    const sender = new PartQueue(this.#input, { partSize, urls, lookUp }, (part) => {
      this.#isKnown = true
      platform.records.addPart(this.#id, part)
    })
    const parts = await sender.send(known)
    await gate.pass(signal)
    const stored = await this.#complete(record, parts)
    if (stored.crc64 !== undefined) {
      const whole = (await sender.checksums()).reduce(
        (crc, { crc64, size }) => combineCrc64(crc, crc64, size),
        0n,
      )
      if (stored.crc64 !== String(whole)) {
        platform.records.remove(this.#id)
        throw new UploadError({ ...noResponse('bucket'), code: 'ObjectDamaged' })
      }
    }
    return stored.file
  }

  async #begin(): Promise<ResumeRecord> {
    const { file, signal, platform } = this.#input
    let bucketUrl = ''
    const explainSilence = (): Promise<void> => this.#explainSilence(bucketUrl)
    const persistence = { ...this.#persistence, explainSilence }
    const { begun, uploadId } = await retryRequest(persistence, async () => {
      const begun = await this.#server.begin(file, signal)
      bucketUrl = begun.initiate.url
      signal.throwIfAborted()
      const signed = performance.now()
      // Who gives up meanwhile has begun it all the same, and needs its id to end it.
      const reply = await sendPresigned(begun.initiate, undefined, UNTIL_ANSWERED).catch(
        (error) => {
          const isFresh = performance.now() - signed < begun.expiresIn * 1000
          throw isFresh ? signedInThePast(error) : error
        },
      )
      return { begun, uploadId: elementText(reply.text, 'UploadId') }
    })
    const { key, token, partSize, tokenExpire: expires } = begun
    const record: ResumeRecord = {
      ...identityOf(this.#input),
      ...{ key, token, partSize, uploadId, expires },
      renamed: file.rename,
      completing: false,
    }
    this.#isKnown = true
    platform.records.begin(record)
    return record
  }

  /** What has arrived earlier, from the bucket if it tells, else as it was noted here. */
  async #earlierParts(record: ResumeRecord): Promise<StoredPart[] | 'stored'> {
    const { signal, platform } = this.#input
    const parts: StoredPart[] = []
    try {
      for (let after: string | undefined = '0'; after !== undefined; ) {
        const page = await this.#listPage(record, after)
        parts.push(...page.parts)
        after = page.next
      }
    } catch (error) {
      signal.throwIfAborted()
      if (!isStale(error)) return platform.records.parts(this.#id)
      // It was to become an object, and has.
      if (record.completing && (error as UploadError).details.by === 'bucket') {
        return 'stored'
      }
      throw error
    }
    this.#isKnown = true
    return parts
  }

  async #listPage(
    { token, uploadId }: ResumeRecord,
    after: string,
  ): Promise<ReturnType<typeof parsePartList>> {
    const { signal } = this.#input
    const call = await this.#server.step('list', { token, uploadId, after }, signal)
    return parsePartList((await sendPresigned(call, undefined, signal)).text)
  }

  async #lookUp(record: ResumeRecord, n: number): Promise<StoredPart | undefined> {
    if (!this.#mayList) return undefined
    try {
      const { parts } = await this.#listPage(record, String(n - 1))
      return parts.find(({ partNumber }) => partNumber === n)
    } catch (error) {
      this.#input.signal.throwIfAborted()
      // Refused once, it would be every time; with silence it is another matter.
      if (error instanceof UploadError && error.details.status === 403) this.#mayList = false
      return undefined
    }
  }

  async #complete(
    record: ResumeRecord,
    parts: readonly StoredPart[],
  ): Promise<{ file: StoredFile; crc64: string | undefined }> {
    const { signal, platform, onStep, data } = this.#input
    const { key, token, uploadId } = record
    const note = (completing: boolean): void => platform.records.update({ ...record, completing })
    onStep({ kind: 'sending', sent: data.size })
    let wasAsked = record.completing
    note(true)
    try {
      const reply = await retryRequest(this.#persistence, async () => {
        const call = await this.#server.step('complete', { token, uploadId }, signal)
        try {
          return await sendPresigned(call, completeDocument(parts), signal, COMPLETION_MS)
        } catch (error) {
          // OSS goes on when the connection ends while it completes; what was then asked twice is
          // not known any more.
          if (wasAsked && this.#isKnown && isStale(error)) return { status: 200, text: '' }
          wasAsked = true
          throw error
        }
      })
      return { file: storedFile(key, reply), crc64: reply.crc64 }
    } catch (error) {
      if (error instanceof UploadError && error.details.status >= 400) note(false)
      const { code } = error instanceof UploadError ? error.details : { code: '' }
      // A part that was there is not what it was.
      if (code === 'InvalidPart') throw new StaleUploadError(code, error)
      throw error
    }
  }

  // The browser tells the same of a lost connection and of a bucket without rules for pages.
  async #explainSilence(bucketUrl: string): Promise<void> {
    const { platform, signal } = this.#input
    if (await platform.isBucketReachable(new URL(bucketUrl).origin, signal)) {
      throw new UploadError({ ...noResponse('bucket'), code: 'CorsNotSetForParts' })
    }
  }
}

// What has just been signed cannot have expired: bucket and server differ about the time.
function signedInThePast(error: unknown): unknown {
  if (!(error instanceof UploadError)) return error
  if (errorKind(error.details) !== 'policyExpired') return error
  return new UploadError({ ...error.details, code: SIGNED_IN_THE_PAST })
}

function storedFile(key: string, { status, text }: BucketReply): StoredFile {
  if (status === 203) {
    return { key, status, reply: '', callbackFailure: bucketError(status, text) }
  }
  // Without a callback it is OSS's own document, which tells nothing new.
  return { key, status, reply: text.trimStart().startsWith('<') ? '' : text }
}
