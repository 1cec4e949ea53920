import type { IncomingMessage } from 'node:http'
import type { BucketStore } from '../store/bucket-store.ts'
import { ObjectExistsError, type ObjectMeta } from '../store/object-meta.ts'
import { TooLargeError } from '../store/staged-file.ts'
import { OssError } from './errors.ts'
import { readForm } from './form-reader.ts'
import { type AccessKey, checkSignature } from './form-signature.ts'
import { checkPolicy } from './policy-check.ts'
import { parsePolicy } from './policy-document.ts'

const OBJECT_BYTES = 5 * 1024 ** 3
const KEY_BYTES = 1023
const STORED_FIELDS = ['cache-control', 'content-disposition', 'content-encoding', 'expires']

/** The bucket that a form is posted to. */
export interface PostTarget {
  bucket: string
  /** Without the `oss-` prefix. */
  region: string
  store: BucketStore
  keys: readonly AccessKey[]
  now: () => Date
}

/** What became of a form. */
export interface PostedObject {
  object: ObjectMeta
  fields: ReadonlyMap<string, string>
}

/**
 * PostObject: checks form, signature and policy before a byte of the file is kept, its length
 * while it arrives, and makes it an object only once the whole form has been read.
 *
 * @throws OssError
 */
export async function postObject(
  request: IncomingMessage,
  target: PostTarget,
): Promise<PostedObject> {
  const form = await readForm(request)
  const { fields } = form
  const now = target.now()
  const template = fields.get('key')
  if (!template) throw new OssError('keyMissing')
  const overwrite = fields.get('x-oss-forbid-overwrite') ?? 'false'
  if (overwrite !== 'true' && overwrite !== 'false') throw new OssError('forbidOverwriteInvalid')

  const version = checkSignature(fields, target.keys, target.region, now)
  const contentType =
    fields.get('x-oss-content-type') ?? (form.fileType || fields.get('content-type'))
  const judged = new Map(fields).set('bucket', target.bucket)
  if (contentType && !judged.has('content-type')) judged.set('content-type', contentType)
  const policy = parsePolicy(fields.get('policy') ?? '')
  const range = checkPolicy(policy, judged, now, version === 'v4')

  // The policy judges the key as it was sent; the variable is expanded afterwards.
  const key = template.replaceAll('${filename}', () => form.fileName)
  if (/^[/\\]/.test(key) || Buffer.byteLength(key) > KEY_BYTES) {
    throw new OssError('invalidObjectName', { details: { ObjectName: key } })
  }
  const max = Math.min(range.max, OBJECT_BYTES)
  const staged = await target.store.stage(form.file, max).catch((error: unknown) => {
    throw error instanceof TooLargeError ? new OssError('entityTooLarge') : error
  })
  try {
    if (staged.size < range.min) throw new OssError('entityTooSmall')
    const object = await target.store.put(key, staged, {
      headers: storedHeaders(fields, contentType),
      forbidOverwrite: overwrite === 'true',
      now,
    })
    return { object, fields }
  } catch (error) {
    if (!(error instanceof ObjectExistsError)) throw error
    throw new OssError('fileAlreadyExists', { details: { Key: key } })
  } finally {
    await staged.discard()
  }
}

function storedHeaders(
  fields: ReadonlyMap<string, string>,
  contentType: string | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': contentType ?? 'application/octet-stream',
  }
  for (const [name, value] of fields) {
    if (STORED_FIELDS.includes(name) || name.startsWith('x-oss-meta-')) headers[name] = value
  }
  return headers
}
