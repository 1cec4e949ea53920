import { MAX_FILES_PER_REQUEST } from '@oss-direct-upload/contract'
import { sleep } from '@oss-direct-upload/retry'
import { abortable } from './abortable.ts'
import { errorKind } from './error-kind.ts'
import type { FileDescription } from './file-description.ts'
import type { FormSigner, RequestedForm } from './form-signer.ts'
import { requestForm, requestForms } from './request-form.ts'
import { isRetryable, type RetryDelay } from './retry-policy.ts'
import type { SigningServer } from './signing-client.ts'
import { type ErrorDetails, UploadError } from './upload-error.ts'

/** Files signed ahead: as many as one request may name, with six whose turn has come. */
const AHEAD_FILES = MAX_FILES_PER_REQUEST - 6
/** Data before the last file that is signed ahead: 5 s at 50 Mbit/s, so that hardly a form gets old. */
const AHEAD_BYTES = 32 * 1024 ** 2
/** Files signed ahead on a server that signs one a request. */
const AHEAD_SINGLY = 6
/** Time without signing ahead after a failure that may pass. */
const FAILURE_PAUSE_MS = 1000
/** Part of a form's lifetime in which its upload may start. */
const FRESH_SHARE = 0.5
/** Lifetime that is assumed on a server that does not answer it. */
const SINGLE_LIFETIME_SECONDS = 60

interface Entry {
  file: FileDescription
  form: PromiseWithResolvers<RequestedForm>
  /** Unix milliseconds until which an upload may start. */
  freshUntilMs: number
  /** Whether the file's turn has come. */
  isDue: boolean
}

/**
 * Signs the files of a queue, up to 100 in one request, before their turn comes: a round trip before
 * each file would leave the line idle. Files are told apart by the identity of their description.
 */
export class SigningAhead implements FormSigner {
  readonly #server: SigningServer
  readonly #upcoming: (count: number) => readonly FileDescription[]
  readonly #entries = new WeakMap<FileDescription, Entry>()
  #unsent: Entry[] = []
  /** Whether the server signs one file a request, as those before `POST /signatures` do. */
  #isSingle = false
  #hasAnswered = false
  #aheadFromMs = 0
  /** `end` is shared, so that those who wait for it request their forms together. */
  #pause: { untilMs: number; end: Promise<void>; details: ErrorDetails } | undefined

  /**
   * @param upcoming Returns the files that start next, in order. They are the very objects that `sign`
   *   is called with later
   */
  constructor(server: SigningServer, upcoming: (count: number) => readonly FileDescription[]) {
    this.#server = server
    this.#upcoming = upcoming
  }

  async sign(
    file: FileDescription,
    signal: AbortSignal,
    onDelay: (reason: RetryDelay) => void,
  ): Promise<RequestedForm> {
    for (;;) {
      if (!this.#isSigned(file)) await this.#pauseEnd(signal, onDelay)
      const entry = this.#take(file)
      this.#signAhead()
      try {
        return await abortable(entry.form.promise, signal)
      } catch (error) {
        if (signal.aborted || !(error instanceof UploadError) || !mustWait(error.details)) {
          throw error
        }
      }
    }
  }

  /** Requests forms for the upcoming files, if at most half of those that start soon have one. */
  #signAhead(): void {
    if (Math.max(this.#aheadFromMs, this.#pause?.untilMs ?? 0) <= Date.now()) {
      const files = this.#soon()
      const unsigned = files.filter((file) => !this.#isSigned(file))
      if (unsigned.length * 2 >= files.length) for (const file of unsigned) this.#request(file)
    }
    if (this.#unsent.length > 0) queueMicrotask(() => this.#send())
  }

  #soon(): FileDescription[] {
    const files = this.#upcoming(this.#isSingle ? AHEAD_SINGLY : AHEAD_FILES)
    let bytes = 0
    const end = files.findIndex(({ size }) => {
      bytes += size
      return bytes > AHEAD_BYTES
    })
    return end < 0 ? [...files] : files.slice(0, end)
  }

  #isSigned(file: FileDescription): boolean {
    return Date.now() < (this.#entries.get(file)?.freshUntilMs ?? 0)
  }

  #take(file: FileDescription): Entry {
    const known = this.#isSigned(file) ? this.#entries.get(file) : undefined
    const entry = known ?? this.#request(file)
    entry.isDue = true
    this.#entries.delete(file)
    return entry
  }

  #request(file: FileDescription): Entry {
    const form = Promise.withResolvers<RequestedForm>()
    // Nobody waits for what is signed ahead.
    form.promise.catch(() => {})
    const entry = { file, form, freshUntilMs: Number.POSITIVE_INFINITY, isDue: false }
    this.#entries.set(file, entry)
    this.#unsent.push(entry)
    return entry
  }

  #send(): void {
    const entries = this.#unsent
    this.#unsent = []
    if (this.#isSingle) {
      for (const entry of entries) void this.#signOne(entry)
      return
    }
    for (let start = 0; start < entries.length; start += MAX_FILES_PER_REQUEST) {
      void this.#signMany(entries.slice(start, start + MAX_FILES_PER_REQUEST))
    }
  }

  async #signMany(entries: Entry[]): Promise<void> {
    const requestedMs = Date.now()
    try {
      const files = entries.map(({ file }) => file)
      const { results, expiresIn } = await requestForms(this.#server, files)
      this.#hasAnswered = true
      for (const [index, entry] of entries.entries()) {
        const result = results[index]
        if (result instanceof UploadError) this.#fail(entry, result)
        else if (result) this.#fulfil(entry, { ...result, requestedMs }, expiresIn)
      }
    } catch (error) {
      const { status = 0, code = '' } = error instanceof UploadError ? error.details : {}
      this.#isSingle ||= status === 404 || status === 405 || code === 'noSigningServer'
      // Another origin's server that does not know the path does not let the page send the request.
      const mayBeSingle =
        this.#isSingle || (status === 0 && !this.#hasAnswered && this.#isOtherOrigin())
      for (const entry of entries) {
        if (mayBeSingle && entry.isDue) void this.#signOne(entry)
        else this.#fail(entry, error, { isAboutFile: false })
      }
    }
  }

  #isOtherOrigin(): boolean {
    return new URL(this.#server.serverUrl).origin !== globalThis.location?.origin
  }

  async #signOne(entry: Entry): Promise<void> {
    const requestedMs = Date.now()
    try {
      const form = await requestForm(this.#server, entry.file)
      this.#isSingle ||= !this.#hasAnswered
      this.#fulfil(entry, { ...form, requestedMs }, SINGLE_LIFETIME_SECONDS)
    } catch (error) {
      this.#fail(entry, error, { isAboutFile: false })
    }
  }

  #fulfil(entry: Entry, form: RequestedForm, lifetimeSeconds: number): void {
    entry.freshUntilMs = form.requestedMs + lifetimeSeconds * 1000 * FRESH_SHARE
    entry.form.resolve(form)
  }

  /** @param isAboutFile Whether a later request would fail in the same way */
  #fail(entry: Entry, error: unknown, { isAboutFile } = { isAboutFile: true }): void {
    const details = error instanceof UploadError ? error.details : undefined
    const retryMs = Date.now() + (details?.retryAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000
    if (details && mustWait(details) && retryMs > (this.#pause?.untilMs ?? 0)) {
      this.#pause = { untilMs: retryMs, end: sleep(retryMs - Date.now()), details }
    }
    entry.freshUntilMs = retryMs
    if (!isAboutFile || (details && isRetryable(details))) {
      this.#aheadFromMs = Date.now() + FAILURE_PAUSE_MS
      if (!entry.isDue) this.#entries.delete(entry.file)
    }
    entry.form.reject(error)
  }

  async #pauseEnd(signal: AbortSignal, onDelay: (reason: RetryDelay) => void): Promise<void> {
    for (let pause = this.#pause; pause !== undefined; pause = this.#pause) {
      const { untilMs, end, details } = pause
      const leftMs = untilMs - Date.now()
      if (leftMs > 0) {
        onDelay({ delaySeconds: leftMs / 1000, details })
        await abortable(end, signal)
      }
      if (this.#pause === pause) this.#pause = undefined
    }
  }
}

/** Returns whether the server says when it will sign again. */
function mustWait(details: ErrorDetails): boolean {
  const kind = errorKind(details)
  return details.retryAfterSeconds !== undefined && (kind === 'rateLimited' || kind === 'busy')
}
