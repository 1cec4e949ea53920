import { type Credentials, partLength, presignUrl } from '@oss-direct-upload/signing'
import type { StartedUpload } from './upload-token.ts'

/** A request on the bucket that everyone who has it can send until it expires. */
export interface SignedCall {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE'
  url: string
  /** To be sent unchanged. */
  headers: Record<string, string>
}

/** The request that stores one part. Its length is signed. */
export interface SignedPart {
  partNumber: number
  /** Position of the part in the file, in bytes. */
  offset: number
  /** Bytes. */
  size: number
  url: string
}

/** Where and with what a request is signed. */
export interface CallSigner {
  credentials: Credentials
  region: string
  bucket: string
  /** Origin. */
  endpoint: string
  now: Date
  expiresInSeconds: number
}

const NEW_OBJECT = { 'x-oss-forbid-overwrite': 'true' }

/**
 * Needs oss:PutObject. Key, type, the ban on overwriting and the pinned headers are signed.
 *
 * @param pinned Headers that the object is stored with
 */
export function signInitiate(
  signer: CallSigner,
  { key, contentType }: StartedUpload,
  pinned: Readonly<Record<string, string>>,
): SignedCall {
  const headers = { ...pinned, 'Content-Type': contentType, ...NEW_OBJECT }
  return sign(signer, 'POST', key, { uploads: '' }, headers)
}

/**
 * Needs oss:PutObject. Key, upload, part number and length are signed: the length as an additional
 * header ("Include a V4 signature in a URL", Alibaba Cloud OSS documentation).
 */
export function signPart(
  signer: CallSigner,
  { key, size, partSize }: StartedUpload,
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
 * Needs oss:PutObject. The client adds the body, a list of parts.
 *
 * @param callback Base64 of the callback parameter, if OSS is to call
 */
export function signComplete(
  signer: CallSigner,
  { key }: StartedUpload,
  uploadId: string,
  callback: string | undefined,
): SignedCall {
  const headers = {
    'Content-Type': 'application/xml',
    ...NEW_OBJECT,
    ...(callback !== undefined && { 'x-oss-callback': callback }),
  }
  return sign(signer, 'POST', key, { uploadId }, headers)
}

/** Needs oss:ListParts. @param after Number of the part before the first one to list */
export function signList(
  signer: CallSigner,
  { key }: StartedUpload,
  uploadId: string,
  after: number,
): SignedCall {
  return sign(signer, 'GET', key, { uploadId, 'part-number-marker': String(after) }, {})
}

/** Needs oss:AbortMultipartUpload. */
export function signAbort(
  signer: CallSigner,
  { key }: StartedUpload,
  uploadId: string,
): SignedCall {
  return sign(signer, 'DELETE', key, { uploadId }, {})
}

function sign(
  signer: CallSigner,
  method: SignedCall['method'],
  key: string,
  query: Record<string, string>,
  headers: Record<string, string>,
): SignedCall {
  const additionalHeaders = Object.keys(headers)
  const url = presignUrl({ ...signer, key, method, query, headers, additionalHeaders })
  return { method, url, headers }
}
