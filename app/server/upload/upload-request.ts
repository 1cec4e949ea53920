import type { Request } from 'express'
import { isAllowedType } from '../../contract/index.ts'
import { RequestError } from '../http/request-error.ts'
import type { SigningOptions, UploadRequest } from '../signing-options.ts'
import { isAccessCode } from './access-code.ts'
import { objectKey, renamed } from './object-key.ts'

/** What a request asks to upload, and how. */
export interface AskedUpload extends UploadRequest {
  /** Whether the name is taken, so that another is to be found beside it. */
  rename: boolean
}

/**
 * Lets a caller pass who has the access code and whom the `authorise` hook knows. A promise only
 * where a hook is to be waited for, as a turn of waiting costs as much as a signature's hash.
 *
 * @returns Bytes that the `limit` hook allows to this caller; infinite without one
 * @throws RequestError AccessCodeRequired or Forbidden
 */
export function admitCaller(request: Request, options: SigningOptions): number | Promise<number> {
  if (options.accessCode !== undefined) {
    if (!isAccessCode(request.get('x-access-code'), options.accessCode)) {
      throw new RequestError('AccessCodeRequired')
    }
  }
  if (options.authorise === undefined && options.limit === undefined)
    return Number.POSITIVE_INFINITY
  return askHooks(request, options)
}

async function askHooks(request: Request, { authorise, limit }: SigningOptions): Promise<number> {
  if (authorise && !(await authorise(request))) throw new RequestError('Forbidden')
  return limit === undefined ? Number.POSITIVE_INFINITY : limit(request)
}

/**
 * Reads `?name=&type=&size=`.
 *
 * @returns undefined when neither name nor size is given
 * @throws RequestError InvalidRequest
 */
export function askedUpload(request: Request): AskedUpload | undefined {
  // Express parses the query each time that it is looked at.
  const { name, type = '', size, conflict } = request.query
  if (name === undefined && size === undefined) return undefined
  if (typeof name !== 'string' || name === '') {
    throw new RequestError('InvalidRequest', 'The parameter "name" must be given once, not empty')
  }
  if (typeof size !== 'string' || !/^\d{1,15}$/.test(size)) {
    throw new RequestError('InvalidRequest', 'The parameter "size" must be a number of bytes')
  }
  if (typeof type !== 'string' || !/^[\x20-\x7e]{0,255}$/.test(type)) {
    throw new RequestError('InvalidRequest', 'The parameter "type" must be a MIME type')
  }
  return { name, type, size: Number(size), rename: conflict === 'rename' }
}

/** @throws RequestError FileTooLarge or TypeNotAllowed */
export function checkUpload(
  upload: UploadRequest,
  maxSize: number,
  allowed: readonly string[],
): void {
  if (upload.size > maxSize) {
    throw new RequestError(
      'FileTooLarge',
      `The file has ${upload.size} bytes; at most ${maxSize} are allowed`,
    )
  }
  if (!isAllowedType(upload, allowed)) {
    throw new RequestError('TypeNotAllowed', `Only these files are allowed: ${allowed.join(', ')}`)
  }
}

/**
 * The key of the object to be; with `?conflict=rename` beside one of the same name. A promise only
 * where the `nameKey` hook is to be waited for.
 *
 * @param dir Prefix of every key
 * @throws RequestError InvalidRequest when nothing of the name can be used
 */
export function nameUpload(
  upload: AskedUpload,
  request: Request,
  { nameKey, naming = 'unique' }: SigningOptions,
  dir: string,
): string | Promise<string> {
  const { type, size } = upload
  const name = upload.rename ? renamed(upload.name) : upload.name
  if (nameKey === undefined) return usable(objectKey({ dir, name, naming }), dir)
  return Promise.resolve(nameKey({ name, type, size }, request)).then((key) => usable(key, dir))
}

function usable(key: string | undefined, dir: string): string {
  if (key === undefined) {
    throw new RequestError('InvalidRequest', 'The file needs a name to be stored under')
  }
  if (!key.startsWith(dir)) throw new Error(`nameKey returned a key outside "${dir}"`)
  return key
}

/** The type that the object is stored with. */
export function contentTypeOf({ type }: UploadRequest): string {
  return type === '' ? 'application/octet-stream' : type
}
