import { type BucketAddress, BucketCallError, callBucket } from './bucket-client.ts'

/** What was in a bucket. */
export interface Emptied {
  /** Versions and delete markers count one each. */
  objects: number
  /** Multipart uploads that were never completed. */
  uploads: number
}

/** The most that one call lists or deletes. Source: "DeleteMultipleObjects", OSS documentation. */
const PAGE = '1000'
const ABORTS_AT_ONCE = 8

/**
 * Deletes every object, version and unfinished multipart upload of a bucket. A bucket that is not
 * there is empty.
 *
 * @param report Told how far it is, page by page
 * @throws BucketCallError
 */
export async function emptyBucket(
  address: BucketAddress,
  report: (line: string) => void,
): Promise<Emptied> {
  try {
    const objects = await deleteObjects(address, report)
    const uploads = await abortUploads(address, report)
    return { objects, uploads }
  } catch (error) {
    if (error instanceof BucketCallError && error.code === 'NoSuchBucket') {
      return { objects: 0, uploads: 0 }
    }
    throw error
  }
}

// What was listed is gone before the next listing, so every listing starts at the beginning.
async function deleteObjects(
  address: BucketAddress,
  report: (line: string) => void,
): Promise<number> {
  let deleted = 0
  let before: string | undefined
  for (;;) {
    const query = { versions: '', 'max-keys': PAGE, 'encoding-type': 'url' }
    const listing = await callBucket(address, { method: 'GET', query })
    const entries = elements(listing, 'Version').concat(elements(listing, 'DeleteMarker'))
    if (entries.length === 0) return deleted
    if (before !== undefined && entries[0] === before) {
      const key = decodeURIComponent(text(before, 'Key'))
      const sentence = `${address.bucket}: OSS says that ${key} is deleted, and lists it still`
      throw new BucketCallError('', sentence)
    }
    before = entries[0]
    const objects = entries.map((entry) => {
      const key = escapeXml(decodeURIComponent(text(entry, 'Key')))
      return `<Object><Key>${key}</Key><VersionId>${text(entry, 'VersionId')}</VersionId></Object>`
    })
    const body = `<?xml version="1.0" encoding="UTF-8"?><Delete><Quiet>true</Quiet>${objects.join('')}</Delete>`
    await callBucket(address, { method: 'POST', query: { delete: '' }, body })
    deleted += entries.length
    report(`${address.bucket}: ${deleted} objects deleted`)
  }
}

async function abortUploads(
  address: BucketAddress,
  report: (line: string) => void,
): Promise<number> {
  let aborted = 0
  for (;;) {
    const query = { uploads: '', 'max-uploads': PAGE, 'encoding-type': 'url' }
    const left = elements(await callBucket(address, { method: 'GET', query }), 'Upload')
    if (left.length === 0) return aborted
    const queue = left.values()
    const abort = async (): Promise<void> => {
      for (const upload of queue) await abortUpload(address, upload)
    }
    await Promise.all(Array.from({ length: ABORTS_AT_ONCE }, abort))
    aborted += left.length
    report(`${address.bucket}: ${aborted} unfinished uploads aborted`)
  }
}

async function abortUpload(address: BucketAddress, upload: string): Promise<void> {
  const key = decodeURIComponent(text(upload, 'Key'))
  const query = { uploadId: text(upload, 'UploadId') }
  await callBucket(address, { method: 'DELETE', key, query }).catch((error: unknown) => {
    // Completed or aborted by somebody else since it was listed.
    if (error instanceof BucketCallError && error.code === 'NoSuchUpload') return
    throw error
  })
}

// The listings are flat, and their names URL-encoded: no parser is needed to take them apart.
function elements(document: string, name: string): string[] {
  const all = document.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))
  return [...all].map(([, inner = '']) => inner)
}

function text(element: string, name: string): string {
  return new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(element)?.[1] ?? ''
}

function escapeXml(value: string): string {
  return value.replaceAll(/[&<>"\p{Cc}]/gu, (c) => `&#${c.codePointAt(0)};`)
}
