import type { StoredFile } from '../upload-form.ts'
import { memoryStorage } from './memory-storage.ts'
import { MultipartClient } from './multipart-client.ts'
import { identityOf, MultipartUpload } from './multipart-upload.ts'
import type { MultipartInput } from './options.ts'
import { sendPresigned } from './presigned-request.ts'
import { fingerprint, type ResumeRecord, ResumeStore } from './resume-store.ts'
import { isStale } from './stale-upload-error.ts'

/** How often an upload that is no longer known begins anew. */
const BEGINNINGS = 3
const ABORT_MS = 10_000

/**
 * Uploads a file in parts until it is stored or trying is of no use; goes on with an upload of the
 * same file that was begun earlier. Needs no more than oss:PutObject; with oss:ListParts it also
 * knows of parts whose answer was lost, with oss:AbortMultipartUpload nothing is left of what was
 * cancelled.
 *
 * @throws UploadRefusedError for the last refusal
 * @throws the signal's reason when aborted
 */
export async function uploadMultipart(given: MultipartInput): Promise<StoredFile> {
  const input = given.lastModified === undefined ? withoutTrace(given) : given
  const { platform, signal, onStep } = input
  const id = fingerprint(identityOf(input))
  onStep({ kind: 'sending', sent: 0 })
  const elsewhere = await platform.tabLock?.claim(id, signal, () => onStep({ kind: 'otherTab' }))
  if (elsewhere) return elsewhere
  let outcome: StoredFile | undefined
  try {
    outcome = await untilStored(input, id)
    platform.records.remove(id)
    return outcome
  } catch (error) {
    if (signal.aborted) await giveUp(input, id)
    throw error
  } finally {
    platform.tabLock?.release(id, outcome)
  }
}

/** Removes what has arrived of an upload, if the server's key may, and forgets it. */
export async function abortUpload(
  input: Pick<MultipartInput, 'serverUrl' | 'accessCode' | 'platform'>,
  record: ResumeRecord,
): Promise<void> {
  input.platform.records.remove(fingerprint(record))
  const signal = AbortSignal.timeout(ABORT_MS)
  const server = new MultipartClient(input.serverUrl, input.accessCode)
  const { token, uploadId } = record
  await server
    .step('abort', { token, uploadId }, signal)
    .then((call) => sendPresigned(call, undefined, signal))
    // Whatever is left, the bucket's lifecycle removes.
    .catch(() => {})
}

// What is no file on a disk cannot be told from another one of its name and length.
function withoutTrace(input: MultipartInput): MultipartInput {
  const { tabLock: _, ...platform } = input.platform
  return { ...input, platform: { ...platform, records: new ResumeStore(memoryStorage()) } }
}

async function giveUp(input: MultipartInput, id: string): Promise<void> {
  const record = input.platform.records.find(id)
  if (record) await abortUpload(input, record)
}

async function untilStored(input: MultipartInput, id: string): Promise<StoredFile> {
  const { records } = input.platform
  for (let begun = 1; ; begun += 1) {
    const found = records.find(id)
    // The name that was begun with is taken: another was asked for.
    const isOther = found !== undefined && input.file.rename && !found.renamed
    if (isOther) await abortUpload(input, found)
    try {
      return await new MultipartUpload(input, id).run(isOther ? undefined : found)
    } catch (error) {
      if (!isStale(error) || begun === BEGINNINGS) throw error
      records.remove(id)
    }
  }
}
