import type { PostFormInput } from '@oss-direct-upload/signing'
import type { Request, RequestHandler } from 'express'
import { RequestError } from '../http/errors.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { randomHex } from '../upload/random-hex.ts'
import { createSigner } from '../upload/signer.ts'
import { admitClient, parseUpload } from '../upload/upload-request.ts'
import { objectTarget, signForm } from './sign-form.ts'

/**
 * Handles `GET /signature`: signs a form for exactly the object that `?name=&type=&size=` describes;
 * with `&conflict=rename` under another name next to an existing object. Without a name, signs a form
 * for any key under a random prefix, if the option `generalForm` is on.
 */
export function signatureHandler(options: ResolvedOptions): RequestHandler {
  return async (request, response) => {
    const target = await formTarget(request, options)
    sendJson(response, signForm(target, await createSigner(options), options))
  }
}

/**
 * Returns what the form of `GET /signature` is for.
 *
 * @throws RequestError when the client or its file is refused
 */
export async function formTarget(
  request: Request,
  options: ResolvedOptions,
): Promise<PostFormInput['target']> {
  const { generalForm, dir } = options
  const maxSize = Math.min(options.maxSize, await admitClient(request, options))
  const upload = parseUpload(request.query)
  if (upload !== undefined) return objectTarget(upload, maxSize, request, options)
  if (!generalForm) throw new RequestError('GeneralFormDisabled')
  // Under a prefix of its own, a form cannot overwrite what others upload.
  return { dir: `${dir}${randomHex()}/`, maxSize }
}
