import {
  BucketClient,
  type BucketClientOptions,
  BucketError,
} from '@oss-direct-upload/bucket-client'
import type { DocumentName, DocumentStore } from './document-store.ts'

export type BucketStoreOptions = Omit<BucketClientOptions, 'timeoutMs'>

const PREFIX = 'acme/'
const TIMEOUT_MS = 5_000
const MAX_DOCUMENT_LENGTH = 64 * 1024
const RETRY_DELAYS_MS = [1_000, 2_000, 4_000]
const JSON_TYPE = { 'content-type': 'application/json' }
/** Makes PutObject answer 409 FileAlreadyExists ("PutObject", Alibaba Cloud OSS documentation). */
const FORBID_OVERWRITE = { 'x-oss-forbid-overwrite': 'true' }

/** Stores documents under `acme/` in a private bucket, which all instances share. */
export class BucketStore implements DocumentStore {
  readonly title: string
  readonly #client: BucketClient

  /** @param options `endpoint` is by default the bucket's internal one */
  constructor(options: BucketStoreOptions) {
    const { bucket, region } = options
    this.#client = new BucketClient({
      endpoint: `https://${bucket}.oss-${region}-internal.aliyuncs.com`,
      retryDelaysMs: RETRY_DELAYS_MS,
      ...options,
      timeoutMs: TIMEOUT_MS,
    })
    this.title = `the bucket ${bucket}`
  }

  /** Retries for some seconds, because a document that is not found costs an order. */
  async read(name: DocumentName): Promise<string | undefined> {
    try {
      const text = await this.#client.send({ method: 'GET', key: `${PREFIX}${name}` })
      if (text.length > MAX_DOCUMENT_LENGTH)
        throw new Error(`${name} has ${text.length} characters`)
      return text
    } catch (error) {
      if (error instanceof BucketError && error.code === 'NoSuchKey') return undefined
      throw error
    }
  }

  async write(name: DocumentName, text: string, onlyNew: boolean): Promise<boolean> {
    const headers = { ...JSON_TYPE, ...(onlyNew ? FORBID_OVERWRITE : {}) }
    const key = `${PREFIX}${name}`
    try {
      await this.#client.send({ method: 'PUT', key, headers, body: text, retry: false })
      return true
    } catch (error) {
      if (onlyNew && error instanceof BucketError && error.status === 409) return false
      throw error
    }
  }
}
