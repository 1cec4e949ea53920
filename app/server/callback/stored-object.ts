import { type Credentials, presignUrl } from '@oss-direct-upload/signing'
import type { UploadedEvent } from './body.ts'

/** OSS waits 5 seconds for the whole callback. */
const TIMEOUT_MS = 1_500

/** Where and with what an object is requested. */
export interface ObjectSource {
  bucket: string
  region: string
  /** Origin. */
  endpoint: string
  /** Needs oss:GetObject. */
  credentials: () => Promise<Credentials>
  now: () => Date
}

/**
 * Requests an object with HEAD and returns whether it is the one that a callback reports. Neither the
 * signature of OSS nor the token of the form covers size, ETag and type in a callback's body.
 *
 * @throws Error when the bucket does not answer, or refuses
 */
export async function isStoredAs(source: ObjectSource, event: UploadedEvent): Promise<boolean> {
  const url = presignUrl({
    ...source,
    credentials: await source.credentials(),
    key: event.object,
    method: 'HEAD',
    now: source.now(),
    expiresInSeconds: 60,
  })
  const { status, headers } = await fetch(url, {
    method: 'HEAD',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (status === 404) return false
  if (status !== 200) {
    throw new Error(
      `HEAD of an object in ${source.bucket} answered ${status}: oss:GetObject is needed`,
    )
  }
  const plain = (etag: string | null): string | undefined => etag?.replaceAll('"', '')
  return (
    headers.get('content-length') === String(event.size) &&
    plain(headers.get('etag')) === plain(event.etag)
  )
}
