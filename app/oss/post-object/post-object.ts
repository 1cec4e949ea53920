import type { AccessKeys } from '../access/access-key.ts'
import { authorise } from '../access/authorise.ts'
import { announce, type Call, headerOf, type Reply } from '../call.ts'
import { parseCallback } from '../callback/callback-parameter.ts'
import { callbackReply } from '../callback/callback-request.ts'
import { xmlReply } from '../calls/document-reply.ts'
import { objectAttributes, uploadedHeaders } from '../calls/object-headers.ts'
import { checkPublicAcl, store } from '../calls/put-object.ts'
import { bodyDigest, checkHasLength } from '../calls/request-body.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { TooLargeError } from '../store/staged-file.ts'
import { renderXml, xml } from '../xml/parse-xml.ts'
import { type PostForm, readForm } from './form-reader.ts'
import { checkSignature } from './form-signature.ts'
import { checkPolicy, type LengthRange } from './policy-check.ts'
import { parsePolicy } from './policy-document.ts'

const OBJECT_BYTES = 5 * 1024 ** 3
/** Of a whole body: the largest file, and all fields that may stand before it. */
const BODY_BYTES = OBJECT_BYTES + 8 * 1024 ** 2
const KEY_BYTES = 1023
const ANONYMOUS: LengthRange = { min: 0, max: OBJECT_BYTES }

/**
 * PostObject: checks form, signature, policy and permission before a byte of the file is kept, its
 * length while it arrives, and makes it an object only once the whole form has been read.
 *
 * @throws OssError
 */
export async function postObject(call: Call, bucket: Bucket, keys: AccessKeys): Promise<Reply> {
  checkHasLength(call)
  if (Number(headerOf(call, 'content-length') ?? 0) > BODY_BYTES) {
    throw new OssError('entityTooLarge')
  }
  const digest = bodyDigest(call)
  const form = await readForm(call.request, digest?.update)
  try {
    return await storeForm(call, bucket, keys, form, digest?.check)
  } finally {
    form.close()
  }
}

async function storeForm(
  call: Call,
  bucket: Bucket,
  keys: AccessKeys,
  form: PostForm,
  checkBody: () => void = () => {},
): Promise<Reply> {
  const { fields } = form
  const template = fields.get('key')
  if (!template) throw new OssError('keyMissing')
  const contentType =
    fields.get('x-oss-content-type') || form.fileType || fields.get('content-type')
  const attributes = objectAttributes((name) => {
    if (name === 'content-type') return contentType
    // Of all that a form says this alone may stand in the request's own head too.
    return fields.get(name) ?? (name === 'x-oss-object-acl' ? headerOf(call, name) : undefined)
  }, fields.keys())
  const callback = requestedCallback(fields)
  const signed = checkSigned(form, contentType, bucket, keys, call)
  const caller = { ...call, ...(signed.caller ? { caller: signed.caller } : {}) }

  // The policy judges the key as it was sent; the variable is expanded afterwards.
  const key = template.replaceAll('${filename}', () => form.fileName)
  if (/^[/\\]/.test(key) || Buffer.byteLength(key) > KEY_BYTES) {
    throw new OssError('invalidObjectName', { details: { ObjectName: key } })
  }
  await announce({ ...caller, key }, 'oss:PutObject')
  await authorise(caller, 'oss:PutObject', bucket, key)
  checkPublicAcl(attributes.acl, bucket)
  const { range } = signed
  const staged = await bucket.objects
    .stage(form.file, Math.min(range.max, OBJECT_BYTES))
    .catch((error: unknown) => {
      throw error instanceof TooLargeError ? new OssError('entityTooLarge') : error
    })
  try {
    checkBody()
    if (staged.size < range.min) throw new OssError('entityTooSmall')
    const meta = await store(caller, bucket, key, staged, attributes)
    const { bucketName, requestId } = call
    const operation = 'PostObject'
    call.service.onObject({ bucket: bucketName, key, size: meta.size, operation, requestId })
    const reply = succeed(call, meta, fields, uploadedHeaders(meta, staged.md5))
    return await callbackReply(caller, callback, meta, staged.md5, operation, reply)
  } finally {
    await staged.discard()
  }
}

// An anonymous form has none of the three; one that has any of them needs all.
function checkSigned(
  form: PostForm,
  contentType: string | undefined,
  bucket: Bucket,
  keys: AccessKeys,
  { now, service }: Call,
) {
  const { fields } = form
  const names = ['policy', 'signature', 'ossaccesskeyid', 'x-oss-signature', 'x-oss-credential']
  if (!names.some((name) => fields.has(name))) return { range: ANONYMOUS }
  const { key, version } = checkSignature(fields, keys, service.region, now)
  const judged = new Map(fields).set('bucket', bucket.settings.name)
  if (contentType && !judged.has('content-type')) judged.set('content-type', contentType)
  const policy = parsePolicy(fields.get('policy') ?? '')
  return { caller: key, range: checkPolicy(policy, judged, now, version === 'v4') }
}

function requestedCallback(fields: ReadonlyMap<string, string>) {
  const parameter = fields.get('callback')
  if (!parameter) return undefined
  parseCallback(parameter)
  const variables = Object.fromEntries([...fields].filter(([name]) => name.startsWith('x:')))
  return { parameter, variables }
}

function succeed(
  call: Call,
  meta: ObjectMeta,
  fields: ReadonlyMap<string, string>,
  headers: Record<string, string>,
): Reply {
  const redirect = fields.get('success_action_redirect')
  if (redirect && /^https?:\/\/[\x21-\x7e]+$/.test(redirect)) {
    return { status: 303, headers: { ...headers, Location: redirect } }
  }
  const status = fields.get('success_action_status')
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers }
  const location = `http://${call.request.headers.host ?? ''}/${encodeURI(meta.key)}`
  const elements = [
    xml('Bucket', call.bucketName),
    xml('ETag', `"${meta.etag}"`),
    xml('Key', meta.key),
    xml('Location', location),
  ]
  const reply = xmlReply(renderXml(xml('PostResponse', elements)), 201)
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
