import { setTimeout as sleep } from 'node:timers/promises'
import { type Credentials, presignUrl } from '../../../signing/index.ts'
import type { KeepingPlace, KeptName } from './certificate-store.ts'

export interface CertificateBucketOptions {
  bucket: string
  /** Without `oss-`. */
  region: string
  credentials: () => Promise<Credentials>
  /** Origin with the bucket in it. @default the bucket's internal endpoint */
  endpoint?: string
  /** Milliseconds before each further try to read. @default 1, 2 and 4 seconds */
  pauses?: readonly number[]
  /** Clock. @default the system's */
  now?: () => Date
}

const PREFIX = 'acme/'
const PATIENCE = 5000
const DOCUMENT_BYTES = 64 * 1024
const READ_PAUSES = [1000, 2000, 4000]
const JSON_TYPE = { 'Content-Type': 'application/json' }
/** PutObject answers 409 FileAlreadyExists to it ("PutObject", Alibaba Cloud OSS documentation). */
const ONLY_NEW = { 'x-oss-forbid-overwrite': 'true' }

class BucketError extends Error {
  readonly status: number

  constructor(status: number, text: string) {
    const code = /<Code>(\w+)<\/Code>/.exec(text)?.[1]
    super(`OSS answers ${status}${code === undefined ? '' : ` ${code}`}`)
    this.name = 'BucketError'
    this.status = status
  }
}

/** Keeps documents under `acme/` of a private bucket, for the next instance and for others. */
export class CertificateBucket implements KeepingPlace {
  readonly title: string
  readonly #options: CertificateBucketOptions

  constructor(options: CertificateBucketOptions) {
    this.#options = options
    this.title = `the bucket ${options.bucket}`
  }

  /** Tries for some seconds: what is not found here costs an order. */
  async read(name: KeptName): Promise<string | undefined> {
    for (const pause of this.#options.pauses ?? READ_PAUSES) {
      try {
        return await this.#read(name)
      } catch (error) {
        // What OSS refuses it goes on refusing.
        if (error instanceof BucketError && error.status < 500) throw error
        await sleep(pause)
      }
    }
    return this.#read(name)
  }

  async write(name: KeptName, text: string, onlyNew: boolean): Promise<boolean> {
    const headers = { ...JSON_TYPE, ...(onlyNew ? ONLY_NEW : {}) }
    const response = await this.#send('PUT', name, headers, text)
    const said = await response.text()
    if (onlyNew && response.status === 409) return false
    if (!response.ok) throw new BucketError(response.status, said)
    return true
  }

  async #read(name: KeptName): Promise<string | undefined> {
    const response = await this.#send('GET', name, {})
    const text = await response.text()
    const isMissing = response.status === 404 && text.includes('<Code>NoSuchKey</Code>')
    if (!response.ok && !isMissing) throw new BucketError(response.status, text)
    if (text.length > DOCUMENT_BYTES) throw new Error(`${name} has ${text.length} characters`)
    return isMissing ? undefined : text
  }

  async #send(
    method: 'GET' | 'PUT',
    name: KeptName,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> {
    const { bucket, region, credentials, now } = this.#options
    const endpoint =
      this.#options.endpoint ?? `https://${bucket}.oss-${region}-internal.aliyuncs.com`
    const url = presignUrl({
      credentials: await credentials(),
      bucket,
      region,
      endpoint,
      method,
      key: `${PREFIX}${name}`,
      headers,
      now: now?.() ?? new Date(),
      expiresInSeconds: 60,
    })
    return fetch(url, {
      method,
      headers,
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
      ...(body === undefined ? {} : { body }),
    })
  }
}
