import {
  BucketClient,
  type BucketClientOptions,
  BucketError,
} from '@oss-direct-upload/bucket-client'

/** How much was deleted. */
export interface DeletedContents {
  /** Versions and delete markers count one each. */
  objects: number
  /** Multipart uploads that were never completed. */
  uploads: number
}

/** Most entries that one request lists or deletes. Source: "DeleteMultipleObjects", OSS documentation. */
const PAGE_SIZE = '1000'
const CONCURRENT_ABORTS = 8

/**
 * Deletes every object, version and unfinished multipart upload of a bucket. A bucket that does not
 * exist is empty.
 *
 * @param report Receives a line of progress after each page
 * @throws BucketError
 */
export async function emptyBucket(
  options: BucketClientOptions,
  report: (line: string) => void,
): Promise<DeletedContents> {
  const client = new BucketClient(options)
  try {
    const objects = await deleteObjects(client, report)
    const uploads = await abortUploads(client, report)
    return { objects, uploads }
  } catch (error) {
    if (error instanceof BucketError && error.code === 'NoSuchBucket') {
      return { objects: 0, uploads: 0 }
    }
    throw error
  }
}

interface Entry {
  element: string
  isMarker: boolean
}

// Every listing starts at the beginning, because the entries of the one before are gone.
async function deleteObjects(
  client: BucketClient,
  report: (line: string) => void,
): Promise<number> {
  let deleted = 0
  let previousFirst: string | undefined
  for (;;) {
    const query = { versions: '', 'max-keys': PAGE_SIZE, 'encoding-type': 'url' }
    const listing = await client.send({ method: 'GET', query })
    const entries = [
      ...elements(listing, 'Version').map((element) => ({ element, isMarker: false })),
      ...elements(listing, 'DeleteMarker').map((element) => ({ element, isMarker: true })),
    ]
    if (entries.length === 0) return deleted
    const first = entries[0]?.element
    if (previousFirst !== undefined && first === previousFirst) {
      const key = decodeURIComponent(text(previousFirst, 'Key'))
      throw new BucketError(
        `${client.bucket}: OSS confirms the deletion of ${key} but still lists it`,
      )
    }
    previousFirst = first
    await client.send({
      method: 'POST',
      query: { delete: '' },
      headers: { 'content-type': 'application/xml' },
      body: deleteDocument(entries),
    })
    deleted += entries.length
    report(`${client.bucket}: ${deleted} objects deleted`)
  }
}

function deleteDocument(entries: readonly Entry[]): string {
  const objects = entries.map(({ element, isMarker }) => {
    const key = escapeXml(decodeURIComponent(text(element, 'Key')))
    const versionId = text(element, 'VersionId')
    // A request without a version needs no permission to delete versions. It would turn a marker into
    // another marker.
    const version = versionId === 'null' && !isMarker ? '' : `<VersionId>${versionId}</VersionId>`
    return `<Object><Key>${key}</Key>${version}</Object>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?><Delete><Quiet>true</Quiet>${objects.join('')}</Delete>`
}

async function abortUploads(client: BucketClient, report: (line: string) => void): Promise<number> {
  let aborted = 0
  for (;;) {
    const query = { uploads: '', 'max-uploads': PAGE_SIZE, 'encoding-type': 'url' }
    const uploads = elements(await client.send({ method: 'GET', query }), 'Upload')
    if (uploads.length === 0) return aborted
    const queue = uploads.values()
    const worker = async (): Promise<void> => {
      for (const upload of queue) await abortUpload(client, upload)
    }
    await Promise.all(Array.from({ length: CONCURRENT_ABORTS }, worker))
    aborted += uploads.length
    report(`${client.bucket}: ${aborted} unfinished uploads aborted`)
  }
}

async function abortUpload(client: BucketClient, upload: string): Promise<void> {
  const key = decodeURIComponent(text(upload, 'Key'))
  const query = { uploadId: text(upload, 'UploadId') }
  try {
    await client.send({ method: 'DELETE', key, query })
  } catch (error) {
    // Someone else has completed or aborted it since the listing.
    if (!(error instanceof BucketError && error.code === 'NoSuchUpload')) throw error
  }
}

// The listings are flat and their keys URL-encoded, so regular expressions can read them.
function elements(document: string, name: string): string[] {
  const all = document.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))
  return [...all].map(([, inner = '']) => inner)
}

function text(element: string, name: string): string {
  return elements(element, name)[0] ?? ''
}

function escapeXml(value: string): string {
  return value.replaceAll(/[&<>"\p{Cc}]/gu, (c) => `&#${c.codePointAt(0)};`)
}
