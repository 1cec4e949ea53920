/** What the bucket or the signing server said when it refused a file. */
export interface ErrorDetails {
  by: 'bucket' | 'server'
  /** HTTP status; 0 when there was no answer at all. */
  status: number
  code: string
  message: string
  requestId: string
  /** OSS's own error code, e.g. `0006-00000213`; empty when there is none. */
  ec: string
  /** Seconds that the other side asked to wait. */
  retryAfter?: number
}

/** A refusal by the bucket or the signing server, or no answer from them. */
export class UploadError extends Error {
  readonly details: ErrorDetails

  constructor(details: ErrorDetails) {
    super(`${details.by} ${details.status} ${details.code}: ${details.message}`)
    this.name = 'UploadRefusedError'
    this.details = details
  }
}

/** The refusal that stands for silence. */
export function noResponse(by: ErrorDetails['by']): ErrorDetails {
  return { by, status: 0, code: '', message: '', requestId: '', ec: '' }
}

/** Reads OSS's error XML; what is missing in it stays empty. */
export function bucketError(status: number, xml: string): ErrorDetails {
  const read = (name: string): string => {
    const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''
    return text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&')
  }
  return {
    by: 'bucket',
    status,
    code: read('Code'),
    message: read('Message'),
    requestId: read('RequestId'),
    ec: read('EC'),
  }
}

/**
 * Reads the signing server's JSON `{ code, message, requestId }`; what is missing stays empty.
 *
 * @param retryAfter The header of that name: seconds
 */
export function serverError(
  status: number,
  body: unknown,
  retryAfter: string | null = null,
): ErrorDetails {
  const read = (name: string): string => {
    const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
    return typeof value === 'string' ? value : ''
  }
  return {
    by: 'server',
    status,
    code: read('code'),
    message: read('message'),
    requestId: read('requestId'),
    ec: '',
    ...(retryAfter !== null && /^\d{1,4}$/.test(retryAfter)
      ? { retryAfter: Number(retryAfter) }
      : {}),
  }
}
