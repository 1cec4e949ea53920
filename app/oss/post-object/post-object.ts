import type { AccessKeys } from '../access/access-key.ts'
import { authorise } from '../access/authorise.ts'
import { type Call, headerOf, type Reply, reportCall } from '../call.ts'
import { parseCallback } from '../callback/callback-parameter.ts'
import { callbackReply } from '../callback/callback-request.ts'
import { objectAttributes, uploadedHeaders } from '../calls/object-headers.ts'
import { checkObjectName } from '../calls/object-name.ts'
import {
  checkPublicAcl,
  MAX_OBJECT_BYTES,
  reportObject,
  stageObject,
  storeObject,
} from '../calls/put-object.ts'
import { checkHasLength, digestCheck } from '../calls/request-body.ts'
import { xmlReply } from '../calls/xml-reply.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectMeta } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { type PostForm, readForm } from './form-reader.ts'
import { verifyForm } from './form-signature.ts'
import { checkPolicy, type LengthRange } from './policy-check.ts'
import { parsePolicy } from './policy-document.ts'

/** Of a whole body: the largest file and all fields. */
const MAX_BODY_BYTES = MAX_OBJECT_BYTES + 8 * 1024 ** 2
const ANONYMOUS: LengthRange = { min: 0, max: MAX_OBJECT_BYTES }

/**
 * Handles PostObject. Checks the form, its signature, policy and permission before it reads the file,
 * the size while the file arrives, and stores the object only when the whole form has been read.
 *
 * @throws OssError
 */
export async function postObject(call: Call, bucket: Bucket, keys: AccessKeys): Promise<Reply> {
  checkHasLength(call)
  if (Number(headerOf(call, 'content-length') ?? 0) > MAX_BODY_BYTES) {
    throw new OssError('entityTooLarge')
  }
  const digest = digestCheck(call)
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
    // The ACL is the only field that may also be a header of the request.
    return fields.get(name) ?? (name === 'x-oss-object-acl' ? headerOf(call, name) : undefined)
  }, fields.keys())
  const callback = requestedCallback(fields, call.service.allowPrivateCallbacks)
  const signed = verify(form, contentType, bucket, keys, call)
  const caller = { ...call, ...(signed.caller ? { caller: signed.caller } : {}) }

  // The policy is checked against the key as sent, before its variable is expanded.
  const key = template.replaceAll('${filename}', () => form.fileName)
  checkObjectName(key)
  await reportCall({ ...caller, key }, 'oss:PutObject')
  await authorise(caller, 'oss:PutObject', bucket, key)
  checkPublicAcl(attributes.acl, bucket)
  const { range } = signed
  const staged = await stageObject(bucket, form.file, range.max)
  try {
    checkBody()
    if (staged.size < range.min) throw new OssError('entityTooSmall')
    const meta = await storeObject(caller, bucket, key, staged, attributes)
    const operation = 'PostObject'
    reportObject(call, meta, operation)
    const reply = successReply(call, meta, fields, uploadedHeaders(meta, staged.md5))
    return await callbackReply(caller, callback, meta, staged.md5, operation, reply)
  } finally {
    await staged.discard()
  }
}

// A form without a signature is anonymous.
function verify(
  form: PostForm,
  contentType: string | undefined,
  bucket: Bucket,
  keys: AccessKeys,
  { service }: Call,
) {
  const { fields } = form
  const names = ['policy', 'signature', 'ossaccesskeyid', 'x-oss-signature', 'x-oss-credential']
  if (!names.some((name) => fields.has(name))) return { range: ANONYMOUS }
  // The fields may have taken long to arrive.
  const now = service.now()
  const { key, version } = verifyForm(fields, keys, service.region, now)
  const checked = new Map(fields).set('bucket', bucket.settings.name)
  if (contentType && !checked.has('content-type')) checked.set('content-type', contentType)
  const policy = parsePolicy(fields.get('policy') ?? '')
  return { caller: key, range: checkPolicy(policy, checked, now, version === 'v4') }
}

function requestedCallback(fields: ReadonlyMap<string, string>, allowPrivate: boolean) {
  const parameter = fields.get('callback')
  if (!parameter) return undefined
  parseCallback(parameter, allowPrivate)
  const variables = Object.fromEntries([...fields].filter(([name]) => name.startsWith('x:')))
  return { parameter, variables }
}

function successReply(
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
  const reply = xmlReply(xml('PostResponse', elements), 201)
  return { ...reply, headers: { ...headers, ...reply.headers } }
}
