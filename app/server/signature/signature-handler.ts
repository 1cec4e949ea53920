import type { Request, RequestHandler, Response } from 'express'
import { type PostFormInput, SigningError, signPostForm } from '../../signing/index.ts'
import { callbackParameter } from '../callback/parameter.ts'
import { RequestError } from '../http/errors.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { randomHex } from '../upload/random-hex.ts'
import { lifetimeSeconds } from '../upload/signature-lifetime.ts'
import { storedType } from '../upload/stored-type.ts'
import { admitClient, checkUpload, nameUpload, parseUpload } from '../upload/upload-request.ts'
import { signatureResponse } from './signature-response.ts'

/**
 * Handles `GET /signature`: signs a form for exactly the object that `?name=&type=&size=` describes;
 * with `&conflict=rename` under another name next to an existing object. Without a name, signs a form
 * for any key under a random prefix, if the option `generalForm` is on.
 */
export function signatureHandler(options: ResolvedOptions): RequestHandler {
  const { version, region, bucket, uploadHost, callbackUrl, pinnedFields: fields } = options
  return async (request, response) => {
    const target = await formTarget(request, response, options)
    const credentials = await options.credentials()
    const now = options.now()
    const expiresInSeconds = lifetimeSeconds(options.expiresInSeconds, credentials, now)
    const input: PostFormInput = {
      version,
      credentials,
      region,
      bucket,
      now,
      expiresInSeconds,
      target,
      ...('key' in target && { fields }),
    }
    if ('key' in target && callbackUrl !== undefined) {
      const expires = Math.ceil(now.getTime() / 1000) + expiresInSeconds
      input.callback = callbackParameter(options, target.key, expires)
    }
    const dir = 'dir' in target ? target.dir : options.dir
    sendJson(response, signatureResponse(sign(input), input, uploadHost, dir))
  }
}

async function formTarget(
  request: Request,
  response: Response,
  options: ResolvedOptions,
): Promise<PostFormInput['target']> {
  const { allowedTypes, generalForm, dir, quota } = options
  const maxSize = Math.min(options.maxSize, await admitClient(request, options))
  const upload = parseUpload(request)
  if (upload === undefined) {
    if (!generalForm) throw new RequestError('GeneralFormDisabled')
    // Under a prefix of its own, a form cannot overwrite what others upload.
    return { dir: `${dir}${randomHex()}/`, maxSize }
  }
  checkUpload(upload, maxSize, allowedTypes)
  const key = await nameUpload(upload, request, options)
  quota?.take(request, response, upload.size)
  return { key, size: upload.size, contentType: storedType(upload, allowedTypes) }
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
