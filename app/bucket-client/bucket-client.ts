import { createHash } from 'node:crypto'
import { retry } from '@oss-direct-upload/retry'
import { type Credentials, presignUrl, SigningError } from '@oss-direct-upload/signing'

export interface BucketClientOptions {
  bucket: string
  /** Without the `oss-` prefix. */
  region: string
  /** Returns the credentials to sign a request with. */
  credentials: () => Credentials | Promise<Credentials>
  /** Origin that already has the bucket in it. @default the bucket's public endpoint */
  endpoint?: string
  /** Longest time to wait for a response. @default 60000 */
  timeoutMs?: number
  /** Delays before each further attempt. @default 0.5, 1, 2, 4 and 8 seconds */
  retryDelaysMs?: readonly number[]
  /** Clock. @default the system's */
  now?: () => Date
}

/** A request to the bucket or to one object. */
export interface BucketRequest {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  /** Of the object. @default the bucket itself */
  key?: string
  /** E.g. `{ uploads: '' }`. @default {} */
  query?: Record<string, string>
  /** Sent and signed. @default {} */
  headers?: Record<string, string>
  body?: string
  /** Whether to repeat the request after a transient failure. @default true */
  retry?: boolean
}

/** OSS refused a request, or no response came. */
export class BucketError extends Error {
  /** HTTP status; 0 without a response. */
  readonly status: number
  /** Error code of OSS, e.g. `NoSuchBucket`; empty without one. */
  readonly code: string

  constructor(message: string, status = 0, code = '') {
    super(message)
    this.name = 'BucketError'
    this.status = status
    this.code = code
  }
}

const TIMEOUT_MS = 60_000
const RETRY_DELAYS_MS = [500, 1_000, 2_000, 4_000, 8_000]
const SIGNATURE_SECONDS = 300

/** Makes signed requests to one bucket. */
export class BucketClient {
  readonly bucket: string
  readonly #options: BucketClientOptions

  constructor(options: BucketClientOptions) {
    this.bucket = options.bucket
    this.#options = options
  }

  /**
   * Sends a request and repeats it when no response comes, or one with a status of 500 or more.
   *
   * @returns The body of the response
   * @throws BucketError when OSS refuses or no attempt succeeds
   * @throws SigningError when the request cannot be signed
   */
  async send(request: BucketRequest): Promise<string> {
    const { retryDelaysMs = RETRY_DELAYS_MS } = this.#options
    const delaysMs = request.retry === false ? [] : retryDelaysMs
    return retry(() => this.#sendOnce(request), {
      delayMs: (error, attempt) => (isTransient(error) ? delaysMs[attempt - 1] : undefined),
    })
  }

  async #sendOnce({ method, key, query, headers, body }: BucketRequest): Promise<string> {
    const { bucket, region, credentials, timeoutMs = TIMEOUT_MS, now } = this.#options
    const { endpoint = `https://${bucket}.oss-${region}.aliyuncs.com` } = this.#options
    const sent = body === undefined ? { ...headers } : { ...headers, 'content-md5': md5(body) }
    const url = presignUrl({
      credentials: await credentials(),
      bucket,
      region,
      endpoint,
      method,
      ...(key === undefined ? {} : { key }),
      query: query ?? {},
      headers: sent,
      now: now?.() ?? new Date(),
      expiresInSeconds: SIGNATURE_SECONDS,
    })
    try {
      const response = await fetch(url, {
        method,
        headers: sent,
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        // Bytes, because `fetch` adds a Content-Type to text, which the signature does not cover.
        ...(body === undefined ? {} : { body: new TextEncoder().encode(body) }),
      })
      const text = await response.text()
      if (response.ok) return text
      throw refusal(bucket, response.status, text)
    } catch (error) {
      if (error instanceof BucketError) throw error
      throw new BucketError(`${bucket} cannot be reached: ${networkReason(error)}`)
    }
  }
}

function refusal(bucket: string, status: number, document: string): BucketError {
  const code = /<Code>([^<]*)</.exec(document)?.[1] ?? ''
  const message = /<Message>([^<]*)</.exec(document)?.[1] ?? ''
  return new BucketError(`${bucket}: ${status} ${code} ${message}`.trimEnd(), status, code)
}

function isTransient(error: unknown): boolean {
  if (error instanceof BucketError) return error.status === 0 || error.status >= 500
  return !(error instanceof SigningError)
}

/** `fetch` reports what went wrong in the cause of its error. */
function networkReason(error: unknown): string {
  const { cause } = error as Error
  return (cause instanceof Error ? cause : (error as Error)).message
}

function md5(body: string): string {
  return createHash('md5').update(body).digest('base64')
}
