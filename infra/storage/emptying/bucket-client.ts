import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Credentials, presignUrl } from '../../../app/signing/index.ts'

/** The bucket that calls are made on. */
export interface BucketAddress {
  bucket: string
  /** Without the `oss-` prefix. */
  region: string
  credentials: Credentials
  /** Origin with the bucket in it. @default the bucket's public endpoint */
  endpoint?: string
}

export interface BucketCall {
  method: 'GET' | 'POST' | 'DELETE'
  /** Absent for the bucket itself. */
  key?: string
  query: Record<string, string>
  /** XML. */
  body?: string
}

/** A refusal of OSS, or the end of all attempts. */
export class BucketCallError extends Error {
  /** Of OSS, e.g. `NoSuchBucket`; empty when nothing answered. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.name = 'BucketCallError'
    this.code = code
  }
}

const ATTEMPTS = 6
const PAUSE_MS = 500
const ANSWER_MS = 60_000
const SIGNED_FOR_SECONDS = 300

/**
 * Makes a signed call, again when nothing or a failure of the service's own comes back.
 *
 * @returns The body
 * @throws BucketCallError
 */
export async function callBucket(address: BucketAddress, call: BucketCall): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await once(address, call)
    if (typeof outcome === 'string') return outcome
    const { error, passing } = outcome
    if (!passing || attempt === ATTEMPTS) throw error
    await sleep(PAUSE_MS * 2 ** (attempt - 1))
  }
}

async function once(
  address: BucketAddress,
  { method, key, query, body }: BucketCall,
): Promise<string | { error: BucketCallError; passing: boolean }> {
  const { bucket, region, credentials } = address
  const headers: Record<string, string> =
    body === undefined
      ? {}
      : {
          'content-type': 'application/xml',
          'content-md5': createHash('md5').update(body).digest('base64'),
        }
  const url = presignUrl({
    credentials,
    region,
    bucket,
    ...(key === undefined ? {} : { key }),
    method,
    endpoint: address.endpoint ?? `https://${bucket}.oss-${region}.aliyuncs.com`,
    now: new Date(),
    expiresInSeconds: SIGNED_FOR_SECONDS,
    query,
    headers,
  })
  try {
    const response = await fetch(url, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const text = await response.text()
    if (response.ok) return text
    const code = /<Code>([^<]*)</.exec(text)?.[1] ?? ''
    const message = /<Message>([^<]*)</.exec(text)?.[1] ?? ''
    const sentence = `${bucket}: ${response.status} ${code} ${message}`.trimEnd()
    return { error: new BucketCallError(code, sentence), passing: response.status >= 500 }
  } catch (cause) {
    const reason = (cause as Error).cause instanceof Error ? (cause as Error).cause : cause
    const sentence = `${bucket} cannot be reached: ${(reason as Error).message}`
    return { error: new BucketCallError('', sentence), passing: true }
  }
}
