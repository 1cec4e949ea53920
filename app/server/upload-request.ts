import type { Request } from 'express'
import { isAccessCode } from './access-code.ts'
import { isAllowedType } from './allowed-types.ts'
import { RequestError } from './errors.ts'
import { objectKey, renamed } from './object-key.ts'
import type { SigningOptions, UploadRequest } from './signing-options.ts'

/**
 * Lets a caller pass who has the access code and whom the `authorise` hook knows.
 *
 * @returns Bytes that the `limit` hook allows to this caller; infinite without one
 * @throws RequestError AccessCodeRequired or Forbidden
 */
export async function admitCaller(request: Request, options: SigningOptions): Promise<number> {
  if (options.accessCode !== undefined) {
    if (!isAccessCode(request.get('x-access-code'), options.accessCode)) {
      throw new RequestError('AccessCodeRequired')
    }
  }
  if (options.authorise && !(await options.authorise(request))) {
    throw new RequestError('Forbidden')
  }
  return options.limit === undefined ? Number.POSITIVE_INFINITY : options.limit(request)
}

/**
 * Reads `?name=&type=&size=`.
 *
 * @returns undefined when neither name nor size is given
 * @throws RequestError InvalidRequest
 */
export function askedUpload(request: Request): UploadRequest | undefined {
  const { name, type = '', size } = request.query
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
  return { name, type, size: Number(size) }
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
 * The key of the object to be; with `?conflict=rename` beside one of the same name.
 *
 * @param dir Prefix of every key
 * @throws RequestError InvalidRequest when nothing of the name can be used
 */
export async function nameUpload(
  upload: UploadRequest,
  request: Request,
  { nameKey, naming = 'unique' }: SigningOptions,
  dir: string,
): Promise<string> {
  const name = request.query.conflict === 'rename' ? renamed(upload.name) : upload.name
  const key = nameKey
    ? await nameKey({ ...upload, name }, request)
    : objectKey({ dir, name, naming })
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
