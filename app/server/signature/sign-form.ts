import {
  type PostFormInput,
  type PostObjectTarget,
  SigningError,
  signPostForm,
} from '@oss-direct-upload/signing'
import type { Request } from 'express'
import { callbackParameter } from '../callback/parameter.ts'
import { RequestError } from '../http/errors.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import type { Signer } from '../upload/signer.ts'
import { storedType } from '../upload/stored-type.ts'
import { checkUpload, nameUpload, type ParsedUpload } from '../upload/upload-request.ts'
import { type SignatureResponse, signatureResponse } from './signature-response.ts'

/**
 * Checks an upload, names its object, and counts it towards the hourly quota.
 *
 * @param maxSize Bytes of the largest file for this client
 * @throws RequestError when the file is refused
 */
export async function objectTarget(
  upload: ParsedUpload,
  maxSize: number,
  request: Request,
  options: ResolvedOptions,
): Promise<PostObjectTarget> {
  const { allowedTypes, quota } = options
  checkUpload(upload, maxSize, allowedTypes)
  const key = await nameUpload(upload, request, options)
  quota?.take(request, upload.size)
  return { key, size: upload.size, contentType: storedType(upload, allowedTypes) }
}

/**
 * Signs a form, with the callback and the pinned fields if it is for one object.
 *
 * @throws RequestError InvalidRequest when the form is too large
 */
export function signForm(
  target: PostFormInput['target'],
  signer: Signer,
  options: ResolvedOptions,
): SignatureResponse {
  const { version, region, bucket, uploadHost, callbackUrl, pinnedFields: fields } = options
  const input: PostFormInput = {
    ...signer,
    version,
    region,
    bucket,
    target,
    ...('key' in target && { fields }),
  }
  if ('key' in target && callbackUrl !== undefined) {
    const expires = Math.ceil(signer.now.getTime() / 1000) + signer.expiresInSeconds
    input.callback = callbackParameter(options, target.key, expires)
  }
  const dir = 'dir' in target ? target.dir : options.dir
  return signatureResponse(sign(input), input, uploadHost, dir)
}

function sign(input: PostFormInput): ReturnType<typeof signPostForm> {
  try {
    return signPostForm(input)
  } catch (error) {
    if (error instanceof SigningError && error.code === 'FormTooLarge') {
      throw new RequestError('InvalidRequest', error.message)
    }
    throw error
  }
}
