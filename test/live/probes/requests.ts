import { createHmac, randomBytes } from 'node:crypto'
import {
  type Credentials,
  credentialScope,
  encodePolicy,
  type FormField,
  type PolicyCondition,
  presignUrl,
  signPolicyV4,
  signPostForm,
  utcTime,
} from '@oss-direct-upload/signing'
import type { LiveStack } from '../probe.ts'

/** Code and EC of an error, or the status of a success: `400 MalformedPOSTRequest`. */
export async function outcome(response: Response): Promise<string> {
  const text = await response.text()
  const code = /<Code>(.*?)<\/Code>/.exec(text)?.[1]
  return code === undefined ? String(response.status) : `${response.status} ${code}`
}

/** Returns the EC of an error, or the status of a response without one. */
export async function errorEc(response: Response): Promise<string> {
  const text = await response.text()
  return /<EC>(.*?)<\/EC>/.exec(text)?.[1] ?? String(response.status)
}

/** Returns the name of the bucket that a probe makes for a moment. @param bucket Of the stack */
export function probeBucket(bucket: string): string {
  return `${bucket.slice(0, 57)}-probe`
}

/** Returns the name of the role and the policy that a probe makes for a moment. */
export function probeName(stack: string): string {
  return `${stack}-probe`
}

/** Returns a key that no probe has used. */
export function freshKey({ dir }: LiveStack): string {
  return `${dir}probe-${randomBytes(6).toString('hex')}.txt`
}

/** Returns the fields of a form for a file of 5 bytes, signed with the server's key. */
export function formFields(
  stack: LiveStack,
  options: { key?: string; fields?: Record<string, string>; successActionStatus?: 200 | 201 } = {},
): FormField[] {
  const { key = freshKey(stack), ...more } = options
  return signPostForm({
    credentials: stack.uploader,
    bucket: stack.bucket,
    region: stack.region,
    now: new Date(),
    expiresInSeconds: 300,
    target: { key, size: CONTENT.length, contentType: 'text/plain' },
    ...more,
  }).fields
}

export interface CustomForm {
  /** @default in five minutes */
  expiration?: string
  /** Fields of the signature that the policy does not pin. @default none */
  unpinned?: readonly string[]
  /** Further fields, which the policy does not pin. @default none */
  fields?: readonly FormField[]
  /** @default the right one */
  signature?: string
}

/** Returns the fields of a V4 form with a policy of its own, for any file. */
export function customForm(stack: LiveStack, form: CustomForm = {}): FormField[] {
  const { bucket, region, uploader } = stack
  const { day, date } = utcTime(new Date())
  const pinned: FormField[] = [
    ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
    ['x-oss-credential', `${uploader.accessKeyId}/${credentialScope(day, region)}`],
    ['x-oss-date', date],
  ]
  const policy = encodePolicy({
    expiration: form.expiration ?? new Date(Date.now() + 300_000).toISOString(),
    conditions: [
      { bucket },
      ...pinned
        .filter(([name]) => !form.unpinned?.includes(name))
        .map(([name, value]): PolicyCondition => ['eq', `$${name}`, value]),
    ],
  })
  const { accessKeySecret } = uploader
  return [
    ['key', freshKey(stack)],
    ['policy', policy],
    ...pinned,
    ['x-oss-signature', form.signature ?? signPolicyV4(policy, accessKeySecret, day, region)],
    ...(form.fields ?? []),
  ]
}

/** What every form uploads. */
export const CONTENT = 'hello'

export interface RawForm {
  fields: readonly FormField[]
  /** Parts after the fields. @default the file */
  parts?: readonly (string | Buffer)[]
  /** Bytes before the first boundary. @default none */
  preamble?: string
  /** Bytes after the last boundary. @default none */
  epilogue?: string
  /** Of the request. @default multipart/form-data with the boundary */
  contentType?: string
  /** @default the bucket's endpoint */
  url?: string
}

const BOUNDARY = 'probe-boundary'
export const FILE_PART = part('file"; filename="probe.txt', CONTENT, 'Content-Type: text/plain')

/** Returns a part of a form. @param name Of the field, may go on with `"; filename="…` */
export function part(name: string, value: string, ...headers: string[]): string {
  const lines = [`Content-Disposition: form-data; name="${name}"`, ...headers, '', value]
  return lines.join('\r\n')
}

/** Posts a form that is written byte by byte. */
export function postForm(stack: LiveStack, form: RawForm): Promise<Response> {
  const { fields, parts = [FILE_PART], preamble = '', epilogue = '' } = form
  const bodies = [...fields.map(([name, value]) => part(name, value)), ...parts]
  const chunks = bodies.flatMap((body) => [`--${BOUNDARY}\r\n`, body, '\r\n'])
  const body = Buffer.concat(
    [preamble, ...chunks, `--${BOUNDARY}--\r\n`, epilogue].map((chunk) => Buffer.from(chunk)),
  )
  const contentType = form.contentType ?? `multipart/form-data; boundary=${BOUNDARY}`
  const headers = { 'content-type': contentType }
  return fetch(form.url ?? `${bucketUrl(stack)}/`, {
    method: 'POST',
    body,
    headers,
    redirect: 'manual',
  })
}

/** Returns the origin of the stack's bucket. */
export function bucketUrl({ bucket, region }: Pick<LiveStack, 'bucket' | 'region'>): string {
  return `https://${bucket}.oss-${region}.aliyuncs.com`
}

export interface BucketCall {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  /** @default the deployer's */
  credentials?: Credentials
  /** @default the stack's */
  bucket?: string
  /** When the request is signed. @default now */
  now?: Date
}

/** Sends a request to a bucket, signed in its URL for a minute. */
export function callBucket(stack: LiveStack, call: BucketCall): Promise<Response> {
  const { method, key, query = {}, headers = {}, body, now = new Date() } = call
  const { credentials = stack.deployer, bucket = stack.bucket } = call
  const url = presignUrl({
    credentials,
    bucket,
    region: stack.region,
    endpoint: bucketUrl({ bucket, region: stack.region }),
    method,
    ...(key === undefined ? {} : { key }),
    query,
    headers,
    now,
    expiresInSeconds: 60,
  })
  const bytes = body === undefined ? {} : { body: new TextEncoder().encode(body) }
  return fetch(url, { method, headers, redirect: 'manual', ...bytes })
}

/** Sends a request that is signed with V1 in its Authorization header. @param date Empty: none is sent */
export function callBucketV1(stack: LiveStack, path: string, date: string): Promise<Response> {
  const resource = `/${stack.bucket}${path}`
  const { accessKeyId, accessKeySecret } = stack.deployer
  const signature = createHmac('sha1', accessKeySecret)
    .update(`GET\n\n\n${date}\n${resource}`)
    .digest('base64')
  const headers = {
    authorization: `OSS ${accessKeyId}:${signature}`,
    ...(date === '' ? {} : { 'x-oss-date': date }),
  }
  return fetch(`${bucketUrl(stack)}${path}`, { headers })
}
