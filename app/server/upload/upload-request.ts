import { isAllowedType, mediaTypeEssence } from '@oss-direct-upload/contract'
import type { Request } from 'express'
import { ERRORS, RequestError } from '../http/errors.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import type { UploadRequest } from '../signing-options.ts'
import { objectKey, renamed } from './object-key.ts'

/** The upload that a query names. */
export interface ParsedUpload extends UploadRequest {
  /** Whether to choose another name next to an existing object. */
  rename: boolean
}

/**
 * Checks the access code and calls the hooks `authorise` and `limit`.
 *
 * @returns Bytes of the largest file for this client; infinite without a `limit` hook
 * @throws RequestError AccessCodeRequired, TooManyRequests or Forbidden
 * @throws TypeError when a hook returns a value of another type
 */
export async function admitClient(request: Request, options: ResolvedOptions): Promise<number> {
  const { codeCheck, authorise, limit } = options
  codeCheck?.check(request)
  if (authorise !== undefined) {
    const isAdmitted: unknown = await authorise(request)
    if (isAdmitted === false) throw new RequestError('Forbidden')
    if (isAdmitted !== true) throw new TypeError('authorise must return true or false')
  }
  if (limit === undefined) return Number.POSITIVE_INFINITY
  const maxSize: unknown = await limit(request)
  if (typeof maxSize === 'number' && maxSize >= 0) return maxSize
  throw new TypeError('limit must return a number of bytes, 0 or more')
}

/**
 * Parses `?name=&type=&size=[&conflict=rename]`, or the same values from JSON.
 *
 * @returns undefined when neither name nor size is given
 * @throws RequestError InvalidRequest
 */
export function parseUpload(values: object): ParsedUpload | undefined {
  const { name, type = '', size, conflict }: Record<string, unknown> = { ...values }
  if (name === undefined && size === undefined) return undefined
  if (typeof name !== 'string' || name === '') {
    throw new RequestError('InvalidRequest', 'The parameter "name" must be given once, not empty')
  }
  const digits = typeof size === 'number' ? String(size) : size
  if (typeof digits !== 'string' || !/^\d{1,15}$/.test(digits)) {
    throw new RequestError('InvalidRequest', 'The parameter "size" must be a number of bytes')
  }
  if (typeof type !== 'string' || (type !== '' && mediaTypeEssence(type) === undefined)) {
    throw new RequestError('InvalidRequest', 'The parameter "type" must be a MIME type')
  }
  return { name, type, size: Number(digits), rename: conflict === 'rename' }
}

/** @throws RequestError FileTooLarge or TypeNotAllowed */
export function checkUpload(
  upload: UploadRequest,
  maxSize: number,
  allowed: readonly string[],
): void {
  if (upload.size > maxSize) {
    throw new RequestError('FileTooLarge', ERRORS.FileTooLarge.message(upload.size, maxSize))
  }
  if (!isAllowedType(upload, allowed)) {
    throw new RequestError('TypeNotAllowed', ERRORS.TypeNotAllowed.message(allowed))
  }
}

/**
 * Returns the key of the object to be uploaded.
 *
 * @throws RequestError InvalidRequest when nothing of the name can be used
 */
export async function nameUpload(
  upload: ParsedUpload,
  request: Request,
  { nameKey, naming, dir }: ResolvedOptions,
): Promise<string> {
  const { type, size, rename } = upload
  const name = rename ? renamed(upload.name) : upload.name
  const key = nameKey
    ? await nameKey({ name, type, size }, request)
    : objectKey({ dir, name, naming })
  if (key === undefined) {
    throw new RequestError('InvalidRequest', 'The file needs a name to be stored under')
  }
  if (typeof key !== 'string' || !key.startsWith(dir)) {
    throw new TypeError(`nameKey must return a key that starts with "${dir}"`)
  }
  return key
}
