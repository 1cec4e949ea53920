import { type Credentials, presignUrl } from '../../signing/index.ts'
import { partLength } from '../../signing/multipart-limits.ts'
import type { BegunUpload } from './upload-token.ts'

/** A call that whoever has it can make on the bucket, once or more often, until it expires. */
export interface SignedCall {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  url: string
  /** To be sent just as they are. */
  headers: Record<string, string>
}

/** The call that stores one part; its length is signed, so no other can be sent. */
export interface SignedPart {
  partNumber: number
  /** Where the part begins in the file, in bytes. */
  offset: number
  /** Bytes. */
  size: number
  url: string
}

/** Where and how a call is signed. */
export interface CallSigner {
  credentials: Credentials
  region: string
  bucket: string
  /** Origin. */
  endpoint: string
  now: Date
  /** Seconds. */
  expiresInSeconds: number
}

const NEW_OBJECT = { 'x-oss-forbid-overwrite': 'true' }

/** Needs oss:PutObject. Key, type and the ban on overwriting are signed. */
export function signInitiate(signer: CallSigner, { key, contentType }: BegunUpload): SignedCall {
  const headers = { 'Content-Type': contentType, ...NEW_OBJECT }
  return sign(signer, 'POST', key, { uploads: '' }, headers)
}

/**
 * Needs oss:PutObject. Key, upload, part number and length are signed: the length as an additional
 * header, as a URL by itself cannot bound it ("Include a V4 signature in a URL", Alibaba Cloud OSS
 * documentation).
 */
export function signPart(
  signer: CallSigner,
  { key, size, partSize }: BegunUpload,
  uploadId: string,
  partNumber: number,
): SignedPart {
  const length = partLength(size, partSize, partNumber)
  const url = presignUrl({
    ...signer,
    key,
    method: 'PUT',
    query: { partNumber: String(partNumber), uploadId },
    headers: { 'content-length': String(length) },
    additionalHeaders: ['content-length'],
  })
  return { partNumber, offset: (partNumber - 1) * partSize, size: length, url }
}

/**
 * Needs oss:PutObject. The body, a list of parts, is the caller's.
 *
 * @param callback Base64 of the callback parameter, if OSS is to call
 */
export function signComplete(
  signer: CallSigner,
  { key }: BegunUpload,
  uploadId: string,
  callback: string | undefined,
): SignedCall {
  return sign(
    signer,
    'POST',
    key,
    { uploadId },
    {
      'Content-Type': 'application/xml',
      ...NEW_OBJECT,
      ...(callback === undefined ? {} : { 'x-oss-callback': callback }),
    },
  )
}

/** Needs oss:ListParts. @param after Part number to begin behind */
export function signList(
  signer: CallSigner,
  { key }: BegunUpload,
  uploadId: string,
  after: number,
): SignedCall {
  return sign(signer, 'GET', key, { uploadId, 'part-number-marker': String(after) }, {})
}

/** Needs oss:AbortMultipartUpload. */
export function signAbort(signer: CallSigner, { key }: BegunUpload, uploadId: string): SignedCall {
  return sign(signer, 'DELETE', key, { uploadId }, {})
}

function sign(
  signer: CallSigner,
  method: SignedCall['method'],
  key: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): SignedCall {
  return { method, url: presignUrl({ ...signer, key, method, query, headers }), headers }
}
