import type { RequestHandler } from 'express'
import { DEFAULTS } from '../../contract/index.ts'
import { POST_LIMITS, type PostFormInput, SigningError, signPostForm } from '../../signing/index.ts'
import { callbackParameter } from '../callback/parameter.ts'
import { sendJson } from '../http/json-response.ts'
import { RequestError } from '../http/request-error.ts'
import type { SigningOptions } from '../signing-options.ts'
import { lifetime } from '../upload/signature-lifetime.ts'
import {
  admitCaller,
  askedUpload,
  checkUpload,
  contentTypeOf,
  nameUpload,
} from '../upload/upload-request.ts'
import { signatureResponse } from './signature-response.ts'

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
  const { version = 'v4' } = options
  const uploadHost = new URL(options.uploadHost).origin

  return async (request, response) => {
    const admitted = admitCaller(request, options)
    const limit = typeof admitted === 'number' ? admitted : await admitted
    const maxSize = Math.min(options.maxSize ?? POST_LIMITS.objectBytes, limit)
    const upload = askedUpload(request)
    let target: PostFormInput['target'] = { dir, maxSize }
    if (upload !== undefined) {
      checkUpload(upload, maxSize, options.allowedTypes ?? [])
      const named = nameUpload(upload, request, options, dir)
      const key = typeof named === 'string' ? named : await named
      target = { key, size: upload.size, contentType: contentTypeOf(upload) }
    }
    const credentials =
      typeof options.credentials === 'function' ? await options.credentials() : options.credentials
    const now = options.now?.() ?? new Date()
    const expiresInSeconds = lifetime(
      options.expiresInSeconds ?? DEFAULTS.expiresSeconds,
      credentials,
      now,
    )
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
    sendJson(response, signatureResponse(sign(input), input, uploadHost, dir))
  }
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
