import { MULTIPART_LIMITS, partCount, partSizeFor } from '@oss-direct-upload/signing'
import type { IRouter, Request, RequestHandler, Response } from 'express'
import { callbackParameter } from '../callback/parameter.ts'
import { ERRORS, RequestError } from '../http/errors.ts'
import { getRoute } from '../http/get-route.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { pinnedHeaders } from '../upload/pinned-fields.ts'
import { createSigner } from '../upload/signer.ts'
import { storedType } from '../upload/stored-type.ts'
import { admitClient, checkUpload, nameUpload, parseUpload } from '../upload/upload-request.ts'
import type { MultipartOptions } from './options.ts'
import * as calls from './presigned-calls.ts'
import { createUploadToken, type StartedUpload, verifyUploadToken } from './upload-token.ts'

/** Parts that one request may have signed. */
const PARTS_PER_REQUEST = 100

type MultipartRoutesOptions = ResolvedOptions & { multipart: Required<MultipartOptions> }

/** Signs one step of an upload. */
type Step = (request: Request, upload: StartedUpload, signer: calls.CallSigner) => object

/**
 * Adds `GET /multipart` and the steps below it, which sign the calls of a multipart
 * upload. The server stores nothing: a token that every step carries says what was allowed.
 *
 * - `/multipart?name=&type=&size=[&conflict=rename]`: the same checks and the same key as for a form;
 *   answers token, part size and the call that initiates the upload
 * - `/multipart/initiate?token=`: that call again, for the same key
 * - `/multipart/parts?token=&uploadId=&from=&to=`: the calls that store these parts
 * - `/multipart/complete?token=&uploadId=`, `/multipart/list?…[&after=]`, `/multipart/abort?…`
 */
export function addMultipartRoutes(router: IRouter, options: MultipartRoutesOptions): void {
  const { callbackUrl } = options
  const headers = pinnedHeaders(options.pinnedFields)
  const steps: Record<string, Step> = {
    initiate: (_request, upload, signer) => calls.signInitiate(signer, upload, headers),
    parts: signParts,
    complete: (request, upload, signer) => {
      const expires = Math.ceil(signer.now.getTime() / 1000) + signer.expiresInSeconds
      const callback = callbackUrl && callbackParameter(options, upload.key, expires)
      return calls.signComplete(signer, upload, uploadIdOf(request), callback)
    },
    list: (request, upload, signer) => {
      const after =
        'after' in request.query ? wholeNumber(request, 'after', 0, MULTIPART_LIMITS.parts) : 0
      return calls.signList(signer, upload, uploadIdOf(request), after)
    },
    abort: (request, upload, signer) => calls.signAbort(signer, upload, uploadIdOf(request)),
  }
  getRoute(router, '/multipart', startHandler(options))
  for (const [name, step] of Object.entries(steps)) {
    getRoute(router, `/multipart/${name}`, stepHandler(options, step))
  }
}

function startHandler(options: MultipartRoutesOptions): RequestHandler {
  const { multipart, allowedTypes, tokenSecret, bucket, quota } = options
  const headers = pinnedHeaders(options.pinnedFields)
  // The same for every file: with parts of one size, parts of several uploads to one key never add up
  // to more than the largest file.
  const partSize = partSizeFor(multipart.maxSize, multipart.partSize)
  return async (request, response) => {
    const maxSize = Math.min(multipart.maxSize, await admitClient(request, options))
    const file = parseUpload(request.query)
    if (file === undefined) {
      throw new RequestError('InvalidRequest', 'The parameters "name" and "size" must be given')
    }
    checkUpload(file, maxSize, allowedTypes)
    const { size } = file
    if (size === 0) {
      throw new RequestError('InvalidRequest', 'An empty file has no parts: use a form')
    }
    const key = await nameUpload(file, request, options)
    quota?.take(request, size)
    const signer = await createCallSigner(options)
    const expires = Math.floor(signer.now.getTime() / 1000) + multipart.lifetimeSeconds
    const upload = { key, size, contentType: storedType(file, allowedTypes), partSize, expires }
    answer(response, signer, {
      key,
      size,
      partSize,
      parts: partCount(size, partSize),
      token: createUploadToken(tokenSecret, bucket, upload),
      tokenExpire: expires,
      initiate: calls.signInitiate(signer, upload, headers),
    })
  }
}

function stepHandler(options: MultipartRoutesOptions, step: Step): RequestHandler {
  const { tokenSecret, bucket } = options
  return async (request, response) => {
    const limit = await admitClient(request, options)
    const signer = await createCallSigner(options)
    const seconds = signer.now.getTime() / 1000
    const upload = verifyUploadToken(request.query.token, tokenSecret, bucket, seconds)
    if (upload.size > limit) {
      throw new RequestError('FileTooLarge', ERRORS.FileTooLarge.message(upload.size, limit))
    }
    answer(response, signer, step(request, upload, signer))
  }
}

async function createCallSigner(options: ResolvedOptions): Promise<calls.CallSigner> {
  const { region, bucket, uploadHost: endpoint } = options
  return { ...(await createSigner(options)), region, bucket, endpoint }
}

function answer(
  response: Response,
  { now, expiresInSeconds }: calls.CallSigner,
  body: object,
): void {
  // Rounded down: a client that relies on it must not be late.
  const expire = Math.floor(now.getTime() / 1000) + expiresInSeconds
  sendJson(response, { ...body, expire, expiresIn: expiresInSeconds })
}

function signParts(request: Request, upload: StartedUpload, signer: calls.CallSigner): object {
  const uploadId = uploadIdOf(request)
  const last = partCount(upload.size, upload.partSize)
  const from = wholeNumber(request, 'from', 1, last)
  const to = wholeNumber(request, 'to', from, Math.min(last, from + PARTS_PER_REQUEST - 1))
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
  return { method: 'PUT', parts: numbers.map((n) => calls.signPart(signer, upload, uploadId, n)) }
}

function uploadIdOf(request: Request): string {
  const { uploadId } = request.query
  if (typeof uploadId === 'string' && /^[\w.~-]{1,256}$/.test(uploadId)) return uploadId
  throw new RequestError('InvalidRequest', 'The parameter "uploadId" must be the id from OSS')
}

function wholeNumber(request: Request, name: string, min: number, max: number): number {
  const text = request.query[name]
  const number = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new RequestError(
    'InvalidRequest',
    `The parameter "${name}" must be a whole number from ${min} to ${max}`,
  )
}
