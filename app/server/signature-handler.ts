import type { Request, RequestHandler } from 'express'
import {
  type Credentials,
  POST_LIMITS,
  type PostFormInput,
  SigningError,
  signPostForm,
} from '../signing/index.ts'
import { isAccessCode } from './access-code.ts'
import { isAllowedType } from './allowed-types.ts'
import { callbackParameter } from './callback-parameter.ts'
import { RequestError } from './errors.ts'
import { objectKey, renamed } from './object-key.ts'
import { signatureResponse } from './signature-response.ts'
import type { SigningOptions, UploadRequest } from './signing-options.ts'

/**
 * `GET /signature`: a form for any key under `dir`; with `?name=&type=&size=` one for exactly that
 * object, and with `&conflict=rename` for one beside an object of the same name.
 *
 * @param secret Key of the callback tokens
 * @param dir Key prefix of every object
 */
export function signatureHandler(
  options: SigningOptions,
  secret: Buffer,
  dir: string,
): RequestHandler {
  const { allowedTypes = [], version = 'v4', naming = 'unique' } = options
  const uploadHost = new URL(options.uploadHost).origin

  return async (request, response) => {
    if (options.accessCode !== undefined) {
      if (!isAccessCode(request.get('x-access-code'), options.accessCode)) {
        throw new RequestError('AccessCodeRequired')
      }
    }
    if (options.authorise && !(await options.authorise(request))) {
      throw new RequestError('Forbidden')
    }
    const limit =
      options.limit === undefined ? Number.POSITIVE_INFINITY : await options.limit(request)
    const maxSize = Math.min(options.maxSize ?? POST_LIMITS.objectBytes, limit)
    const upload = uploadRequest(request)
    let target: PostFormInput['target'] = { dir, maxSize }
    if (upload !== undefined) {
      checkUpload(upload, maxSize, allowedTypes)
      const name = request.query.conflict === 'rename' ? renamed(upload.name) : upload.name
      const key = options.nameKey
        ? await options.nameKey({ ...upload, name }, request)
        : objectKey({ dir, name, naming })
      if (key === undefined) {
        throw new RequestError('InvalidRequest', 'The file needs a name to be stored under')
      }
      if (!key.startsWith(dir)) throw new Error(`nameKey returned a key outside "${dir}"`)
      const contentType = upload.type === '' ? 'application/octet-stream' : upload.type
      target = { key, size: upload.size, contentType }
    }
    const credentials =
      typeof options.credentials === 'function' ? await options.credentials() : options.credentials
    const now = options.now?.() ?? new Date()
    const expiresInSeconds = lifetime(options.expiresInSeconds ?? 600, credentials, now)
    const input: PostFormInput = {
      version,
      credentials,
      region: options.region,
      bucket: options.bucket,
      now,
      expiresInSeconds,
      target,
      ...(options.callbackUrl === undefined
        ? {}
        : {
            callback: callbackParameter(
              options.callbackUrl,
              secret,
              options.bucket,
              'key' in target ? { key: target.key } : { dir },
              Math.ceil(now.getTime() / 1000) + expiresInSeconds,
            ),
          }),
    }
    response.set('Cache-Control', 'no-store')
    response.json(signatureResponse(sign(input), input, uploadHost, dir))
  }
}

/** A form is no longer good once the credentials that signed it are not. */
function lifetime(wished: number, { expiration }: Credentials, now: Date): number {
  if (expiration === undefined) return wished
  return Math.max(1, Math.min(wished, Math.floor((expiration.getTime() - now.getTime()) / 1000)))
}

function sign(input: PostFormInput): ReturnType<typeof signPostForm> {
  try {
    return signPostForm(input)
  } catch (error) {
    if (error instanceof SigningError && error.code === 'FormTooLarge') {
      throw new RequestError('InvalidRequest', `${error.message}; shorten the file's name`)
    }
    throw error
  }
}

function uploadRequest(request: Request): UploadRequest | undefined {
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

function checkUpload(upload: UploadRequest, maxSize: number, allowed: readonly string[]): void {
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
