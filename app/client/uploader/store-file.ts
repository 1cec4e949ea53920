import { crc64 } from './checksum/index.ts'
import type { FileDescription } from './file-description.ts'
import type { FormSigner } from './form-signer.ts'
import type { PauseGate } from './multipart/pause-gate.ts'
import type { Semaphore } from './semaphore.ts'
import type { SigningServer } from './signing-client.ts'
import { failsChangedFiles, lastModifiedMs } from './source-file.ts'
import type { StoredFile } from './stored-file.ts'
import { noResponse, UploadError } from './upload-error.ts'
import { uploadForm } from './upload-form.ts'
import type { UploadProgress } from './upload-progress.ts'

/** Files, and forms and parts, that are sent at the same time: browsers open six connections to a host. */
export const CONNECTION_LIMIT = 6

/** One file of a queue that is to be stored now. */
export interface StoreFileInput {
  server: SigningServer
  signer: FormSigner
  file: FileDescription
  data: Blob
  /** Size in bytes from which files go in parts. */
  multipartThreshold: number
  signal: AbortSignal
  gate: PauseGate
  connectionLimit: Semaphore
  onProgress: (progress: UploadProgress) => void
  /** Called when the file needs no connection any more. */
  onStored?: () => void
}

/**
 * Uploads a file as a form or in parts, depending on its size.
 *
 * @throws UploadError of the last attempt
 * @throws the signal's reason when it is aborted
 */
export async function storeFile(input: StoreFileInput): Promise<StoredFile> {
  const { server, gate, multipartThreshold, ...rest } = input
  if (input.data.size < multipartThreshold) {
    return uploadForm({ ...server, ...rest, ...(failsChangedFiles() ? {} : { crc64 }) })
  }
  const { browserPlatform, uploadMultipart } = await import('./multipart/index.ts').catch(() => {
    throw new UploadError(noResponse('server'))
  })
  return uploadMultipart({
    ...server,
    ...rest,
    gate,
    lastModifiedMs: lastModifiedMs(input.data),
    platform: browserPlatform(),
  })
}
