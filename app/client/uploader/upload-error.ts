import { elementText } from './xml.ts'

/** Why an upload failed. Texts that are not known are empty. */
export interface ErrorDetails {
  /** `page` for what the page itself finds out. */
  source: 'bucket' | 'server' | 'page'
  /** HTTP status; 0 when there was no response. */
  status: number
  code: string
  message: string
  requestId: string
  /** OSS's error code (EC), e.g. `0006-00000213`. */
  ec: string
  /** The `Retry-After` header. */
  retryAfterSeconds?: number
}

/** Thrown when the bucket or the signing server rejects a request or does not respond. */
export class UploadError extends Error {
  readonly details: ErrorDetails

  constructor(details: ErrorDetails) {
    super(`${details.source} ${details.status} ${details.code}: ${details.message}`)
    this.name = 'UploadError'
    this.details = details
  }
}

/** Returns the details of a request without a response. */
export function noResponse(source: 'bucket' | 'server'): ErrorDetails {
  return { source, status: 0, code: '', message: '', requestId: '', ec: '' }
}

/** Returns whether a request had no response. */
export function isConnectionLost({ source, status }: ErrorDetails): boolean {
  return status === 0 && source !== 'page'
}

/** Reads OSS's error document. */
export function bucketError(status: number, xml: string): ErrorDetails {
  return {
    source: 'bucket',
    status,
    code: elementText(xml, 'Code'),
    message: elementText(xml, 'Message'),
    requestId: elementText(xml, 'RequestId'),
    ec: elementText(xml, 'EC'),
  }
}

/**
 * Reads the signing server's JSON `{ code, message, requestId }`.
 *
 * @param retryAfter The `Retry-After` header
 */
export function serverError(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): ErrorDetails {
  const text = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
    return typeof value === 'string' ? value : ''
  }
  const details: ErrorDetails = {
    source: 'server',
    status,
    code: text('code'),
    message: text('message'),
    requestId: text('requestId'),
    ec: '',
  }
  if (retryAfter === null || !/^\d{1,4}$/.test(retryAfter)) return details
  return { ...details, retryAfterSeconds: Number(retryAfter) }
}
