import { pause, untilOnline } from './connection.ts'
import { errorKind, isRetryable, SIGNED_IN_THE_PAST } from './error-kind.ts'
import { isBucketReachable, type PostResult, postForm } from './post-form.ts'
import { type FileToSign, requestForm, type SignedForm } from './request-form.ts'
import { SpeedMeter } from './speed-meter.ts'
import { type ErrorDetails, noResponse, UploadError } from './upload-error.ts'
import type { UploadProgress } from './upload-progress.ts'

const ATTEMPTS = 4
/** Against a signature that came too late, one more tells all: the next would fare the same. */
const ATTEMPTS_WHEN_EXPIRED = 2
/** While the address moves to another server nobody answers: 23 s in all are waited for that. */
const ATTEMPTS_WHEN_SILENT = 6
const FIRST_PAUSE_S = 1
const LONGEST_PAUSE_S = 8

export interface UploadInput {
  serverUrl: string
  accessCode: () => string | undefined
  file: FileToSign
  data: Blob
  signal: AbortSignal
  onStep: (step: UploadProgress) => void
}

/** A stored file: OSS's reply and the object's key. */
export type StoredFile = PostResult & Pick<SignedForm, 'key'>

/**
 * Signs and sends a file until it is stored or trying is of no use. Every attempt has a signature
 * of its own, made just before it is used. Attempts while offline do not count; those that a silent
 * signing server did not answer are counted for themselves.
 *
 * @throws UploadRefusedError for the last refusal
 * @throws the signal's reason when aborted
 */
export async function uploadWithRetries(input: UploadInput): Promise<StoredFile> {
  const { signal, onStep } = input
  const failed = { silent: 0, other: 0 }
  for (;;) {
    try {
      return await uploadOnce(input, failed.other + 1)
    } catch (error) {
      signal.throwIfAborted()
      if (!(error instanceof UploadError)) throw error
      const { details } = error
      if (details.status === 0 && isRetryable(details) && !navigator.onLine) {
        onStep({ kind: 'offline' })
        await untilOnline(signal)
        continue
      }
      const count = errorKind(details) === 'serverUnreachable' ? 'silent' : 'other'
      failed[count] += 1
      if (failed[count] >= attemptsAgainst(details)) throw error
      const doubled = Math.min(FIRST_PAUSE_S * 2 ** (failed[count] - 1), LONGEST_PAUSE_S)
      const seconds = Math.max(doubled, details.retryAfter ?? 0)
      onStep({ kind: 'retrying', seconds, details })
      await pause(seconds * 1000, signal)
    }
  }
}

function attemptsAgainst(details: ErrorDetails): number {
  if (!isRetryable(details)) return 1
  switch (errorKind(details)) {
    case 'serverUnreachable':
      return ATTEMPTS_WHEN_SILENT
    case 'policyExpired':
    case 'clockSkew':
      return ATTEMPTS_WHEN_EXPIRED
    default:
      return ATTEMPTS
  }
}

async function uploadOnce(input: UploadInput, attempt: number): Promise<StoredFile> {
  const { data, file, signal, onStep } = input
  onStep({ kind: 'sending', sent: 0 })
  const asked = Date.now()
  const form = await requestForm(input.serverUrl, file, input.accessCode(), signal)
  // Over before it was asked for: bucket and browser agree then that the server's clock is late.
  const isInThePast = form.expire * 1000 <= asked
  const meter = new SpeedMeter(performance.now())
  let sentAny = false
  const onProgress = (sent: number): void => {
    sentAny ||= sent > 0
    const speed = meter.measure(sent, performance.now())
    if (sent > 0) onStep({ kind: 'sending', sent, ...(speed === undefined ? {} : { speed }) })
  }
  const name = file.name.slice(file.name.lastIndexOf('/') + 1)
  try {
    return { key: form.key, ...(await postForm(form, data, name, onProgress, signal)) }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UploadError && error.details.status === 0) {
      await explainSilence(form, data, sentAny, attempt, signal)
    }
    if (
      error instanceof UploadError &&
      isInThePast &&
      errorKind(error.details) === 'policyExpired'
    ) {
      throw new UploadError({ ...error.details, code: SIGNED_IN_THE_PAST })
    }
    throw error
  }
}

// The browser tells a page the same for a lost connection, a file that has changed on disk and a
// bucket that does not open its answers to the page.
async function explainSilence(
  form: SignedForm,
  data: Blob,
  sentAny: boolean,
  attempt: number,
  signal: AbortSignal,
): Promise<void> {
  const readable = await data
    .slice(0, 1)
    .arrayBuffer()
    .then(() => true)
    .catch(() => false)
  if (!readable) throw new UploadError({ ...noResponse('bucket'), code: 'FileChanged' })
  // Without the rules not even the first byte is let out.
  if (attempt === ATTEMPTS && !sentAny && navigator.onLine) {
    if (await isBucketReachable(form.url, signal)) {
      throw new UploadError({ ...noResponse('bucket'), code: 'CorsNotSet' })
    }
  }
}
