import type { RequestHandler } from 'express'
import { type PostFormInput, SigningError, signPostForm } from '../../signing/index.ts'
import { callbackParameter } from '../callback/parameter.ts'
import { RequestError } from '../http/errors.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { lifetimeSeconds } from '../upload/signature-lifetime.ts'
import {
  admitClient,
  checkUpload,
  nameUpload,
  parseUpload,
  storedType,
} from '../upload/upload-request.ts'
import { signatureResponse } from './signature-response.ts'

/**
 * Handles `GET /signature`: signs a form for any key under `dir`; with `?name=&type=&size=` for
 * exactly that object, and with `&conflict=rename` for another name next to an existing object.
 */
export function signatureHandler(options: ResolvedOptions): RequestHandler {
  const { version, region, bucket, dir, uploadHost, callbackUrl } = options
  return async (request, response) => {
    const maxSize = Math.min(options.maxSize, await admitClient(request, options))
    const upload = parseUpload(request)
    let target: PostFormInput['target'] = { dir, maxSize }
    if (upload !== undefined) {
      checkUpload(upload, maxSize, options.allowedTypes)
      const key = await nameUpload(upload, request, options)
      target = { key, size: upload.size, contentType: storedType(upload) }
    }
    const credentials = await options.credentials()
    const now = options.now()
    const expiresInSeconds = lifetimeSeconds(options.expiresInSeconds, credentials, now)
    const expires = Math.ceil(now.getTime() / 1000) + expiresInSeconds
    const scope = 'key' in target ? { key: target.key } : { dir }
    const input: PostFormInput = {
      version,
      credentials,
      region,
      bucket,
      now,
      expiresInSeconds,
      target,
      ...(callbackUrl !== undefined && { callback: callbackParameter(options, scope, expires) }),
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
