import type { StoredFile } from '../stored-file.ts'
import { memoryStorage } from './memory-storage.ts'
import { MultipartClient } from './multipart-client.ts'
import { fileIdentity, MultipartUpload } from './multipart-upload.ts'
import type { MultipartInput } from './options.ts'
import { sendPresigned } from './presigned-request.ts'
import { fingerprint, type ResumeRecord, ResumeStore } from './resume-store.ts'
import { isStale } from './stale-upload-error.ts'

/** How often an upload is started before a stale one counts as an error. */
const MAX_STARTS = 3
const ABORT_TIMEOUT_MS = 10_000
/** Time in which another tab can say that it is uploading a file. */
const LOCK_TIMEOUT_MS = 1000

/**
 * Uploads a file in parts, or resumes an earlier upload of it. The server's key needs
 * `oss:PutObject` only; with `oss:ListParts` the upload also finds parts whose response was lost, and
 * with `oss:AbortMultipartUpload` a cancelled upload leaves nothing behind.
 *
 * @throws UploadError of the last attempt
 * @throws the signal's reason when it is aborted
 */
export async function uploadMultipart(given: MultipartInput): Promise<StoredFile> {
  const input = given.lastModifiedMs === undefined ? withoutResume(given) : given
  const { platform, signal, onProgress } = input
  const id = fingerprint(fileIdentity(input))
  onProgress({ kind: 'sending', sentBytes: 0 })
  const storedByOther = await platform.tabLock?.acquire(id, signal, () =>
    onProgress({ kind: 'otherTab' }),
  )
  if (storedByOther) return storedByOther
  let stored: StoredFile | undefined
  try {
    stored = await resumeOrStart(input, id)
    platform.resumeStore.remove(id)
    return stored
  } catch (error) {
    const record = signal.aborted ? platform.resumeStore.find(id) : undefined
    if (record) await abortUpload(input, record)
    throw error
  } finally {
    platform.tabLock?.release(id, stored)
  }
}

/**
 * Removes an unfinished upload, unless another tab is at work on it.
 *
 * @throws DOMException TimeoutError when another tab uploads the file
 */
export async function discardUpload(
  input: Pick<MultipartInput, 'serverUrl' | 'accessCode' | 'platform'>,
  record: ResumeRecord,
): Promise<void> {
  const { tabLock } = input.platform
  const id = fingerprint(record)
  await tabLock?.acquire(id, AbortSignal.timeout(LOCK_TIMEOUT_MS), () => {})
  try {
    await abortUpload(input, record)
  } finally {
    tabLock?.release(id)
  }
}

async function abortUpload(
  input: Pick<MultipartInput, 'serverUrl' | 'accessCode' | 'platform'>,
  record: ResumeRecord,
): Promise<void> {
  input.platform.resumeStore.remove(fingerprint(record))
  const signal = AbortSignal.timeout(ABORT_TIMEOUT_MS)
  const { token, uploadId } = record
  await new MultipartClient(input)
    .sign('abort', { token, uploadId }, signal)
    .then((request) => sendPresigned(request, undefined, signal))
    // The bucket's lifecycle rule removes what is left.
    .catch(() => {})
}

// A blob that is no file on disk cannot be distinguished from another one of the same name and size.
function withoutResume(input: MultipartInput): MultipartInput {
  const { tabLock: _, ...platform } = input.platform
  return { ...input, platform: { ...platform, resumeStore: new ResumeStore(memoryStorage()) } }
}

async function resumeOrStart(input: MultipartInput, id: string): Promise<StoredFile> {
  const { resumeStore } = input.platform
  for (let start = 1; ; start += 1) {
    const found = resumeStore.find(id)
    // The upload to resume has a name that is taken; this one is to get another.
    const isOtherKey = found !== undefined && input.file.rename && !found.renamed
    if (isOtherKey) await abortUpload(input, found)
    try {
      return await new MultipartUpload(input, id).run(isOtherKey ? undefined : found)
    } catch (error) {
      if (!isStale(error) || start === MAX_STARTS) throw error
      resumeStore.remove(id)
    }
  }
}
