import { browserConnection } from './connection.ts'
import { errorKind, pageError } from './error-kind.ts'
import type { FileDescription } from './file-description.ts'
import type { FormSigner, RequestedForm } from './form-signer.ts'
import { type PostReply, postForm } from './post-form.ts'
import { type RetryDelay, retryRequest } from './retry-policy.ts'
import type { Semaphore } from './semaphore.ts'
import type { SigningServer } from './signing-client.ts'
import { SourceFile } from './source-file.ts'
import { SpeedMeter } from './speed-meter.ts'
import type { StoredFile } from './stored-file.ts'
import { type ErrorDetails, isConnectionLost, UploadError } from './upload-error.ts'
import type { UploadProgress } from './upload-progress.ts'

/** One file to upload. */
export interface UploadInput extends SigningServer {
  file: FileDescription
  data: Blob
  /** Cancels the upload. */
  signal: AbortSignal
  /**
   * Limits the requests that send data. A browser holds further ones back without notice, and they
   * would look like lost connections.
   */
  connectionLimit: Semaphore
  onProgress: (progress: UploadProgress) => void
}

/** One file to upload as a form. */
export interface FormInput extends UploadInput {
  signer: FormSigner
  /** Called when the bucket has the file, which has still to be verified. */
  onStored?: () => void
  /** Returns the CRC-64 of a blob; absent where reads of a changed file fail. */
  crc64?: (blob: Blob) => Promise<bigint>
}

/**
 * Uploads a file as one form. Each attempt has a new signature.
 *
 * @throws UploadError of the last attempt
 * @throws the signal's reason when it is aborted
 */
export function uploadForm(input: FormInput): Promise<StoredFile> {
  const { file, data, signal, onProgress, connectionLimit, signer, onStored, crc64 } = input
  const fileName = file.name.slice(file.name.lastIndexOf('/') + 1)
  const source = new SourceFile(data)
  // Firefox sends a file with the size that it has now, a slice with the size that was signed.
  const body = crc64 ? data.slice(0, data.size, data.type) : data
  // Read once before the file is sent.
  let checksum: string | undefined
  let hasSent = false
  let bucketUrl = ''

  async function attempt(): Promise<StoredFile> {
    onProgress({ kind: 'sending', sentBytes: 0 })
    const form = await signer.sign(file, signal, onDelay)
    bucketUrl = form.url
    await connectionLimit.acquire()
    const reply = await send(form).finally(() => connectionLimit.release())
    onStored?.()
    return verified(reply)
  }

  async function send(form: RequestedForm): Promise<PostReply> {
    signal.throwIfAborted()
    // Last, as the file may change while it waits for form and connection.
    if (crc64) {
      await source.check()
      checksum ??= await readChecksum(crc64)
      signal.throwIfAborted()
    }
    return post(form)
  }

  function readChecksum(crc64: (blob: Blob) => Promise<bigint>): Promise<string> {
    return source.read(async () => String(await crc64(data)))
  }

  /** Makes sure that the file has not changed while it was sent. */
  async function verified({ stored, crc64: storedChecksum }: PostReply): Promise<StoredFile> {
    try {
      if (!crc64) await source.check()
      else if ((storedChecksum ?? (await readChecksum(crc64))) !== checksum) {
        throw new UploadError(pageError('fileChanged'))
      }
    } catch (error) {
      signal.throwIfAborted()
      const isMissing = error instanceof UploadError && error.details.code === 'fileMissing'
      // Chromium has sent a file that was deleted to its end. WebKit calls a changed file missing, too.
      if (!isMissing || crc64) {
        throw new UploadError({ ...pageError('changedWhileSent'), message: stored.key })
      }
    }
    return stored
  }

  async function post(form: RequestedForm): Promise<PostReply> {
    const speed = new SpeedMeter(performance.now())
    const onSent = (sentBytes: number): void => {
      hasSent ||= sentBytes > 0
      const bytesPerSecond = speed.measure(sentBytes, performance.now())
      if (sentBytes === 0) return
      onProgress({
        kind: 'sending',
        sentBytes,
        ...(bytesPerSecond === undefined ? {} : { bytesPerSecond }),
      })
    }
    try {
      const checkSource = (): Promise<void> => source.check()
      return await postForm(form, body, fileName, { onProgress: onSent, checkSource, signal })
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof UploadError) await checkCause(error.details, form)
      throw error
    }
  }

  /** Throws what has caused an error, if the page can find it out. */
  async function checkCause(details: ErrorDetails, form: RequestedForm): Promise<void> {
    // A browser reports a file that it cannot read like a lost connection.
    if (isConnectionLost(details)) await source.check()
    // Browser and bucket agree: the policy had expired before the page requested it.
    if (errorKind(details) === 'policyExpired' && form.expire * 1000 <= form.requestedMs) {
      throw new UploadError({ ...details, source: 'page', code: 'clockSkew' })
    }
  }

  // Without CORS rules not even the first byte leaves the browser.
  async function explainSilence(): Promise<void> {
    if (!hasSent && (await browserConnection.isReachable(bucketUrl, signal))) {
      throw new UploadError(pageError('corsPost'))
    }
  }

  function onDelay(reason: RetryDelay): void {
    onProgress(reason === 'offline' ? { kind: 'offline' } : { kind: 'retrying', ...reason })
  }

  return retryRequest(attempt, { connection: browserConnection, signal, explainSilence, onDelay })
}
