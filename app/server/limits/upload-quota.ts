import type { Request } from 'express'
import { ERRORS, RequestError } from '../http/errors.ts'
import { clientSubnet } from './client-subnet.ts'
import { FixedWindow, type Usage } from './fixed-window.ts'

const HOUR_MS = 3_600_000

/**
 * Counts the files and bytes that are signed for each client in an hour. Sizes are pinned, so a client
 * cannot upload more; what it does not upload counts as well.
 */
export class UploadQuota {
  readonly #maxFiles: number
  readonly #maxBytes: number
  readonly #files = new FixedWindow(HOUR_MS)
  readonly #bytes = new FixedWindow(HOUR_MS)

  /** @param limits Absent ones do not limit */
  constructor(limits: { filesPerHour?: number; bytesPerHour?: number }) {
    this.#maxFiles = limits.filesPerHour ?? Number.POSITIVE_INFINITY
    this.#maxBytes = limits.bytesPerHour ?? Number.POSITIVE_INFINITY
  }

  /**
   * Counts one file of the client that sends a request.
   *
   * @throws RequestError QuotaExceeded, and then counts nothing
   */
  take(request: Request, bytes: number): void {
    const client = clientSubnet(request.ip ?? '')
    const now = Date.now()
    const files = this.#files.usageOf(client, now)
    const size = this.#bytes.usageOf(client, now)
    if (files.used + 1 > this.#maxFiles) refuse(files, now, `${this.#maxFiles} files`)
    if (size.used + bytes > this.#maxBytes) refuse(size, now, `${this.#maxBytes} bytes`)
    files.used += 1
    size.used += bytes
  }
}

function refuse({ resetAt }: Usage, now: number, what: string): never {
  const seconds = Math.ceil((resetAt - now) / 1000)
  throw new RequestError(
    'QuotaExceeded',
    ERRORS.QuotaExceeded.message(what, Math.ceil(seconds / 60)),
    { retryAfterSeconds: seconds },
  )
}
