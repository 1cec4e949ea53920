import express, { type Request, type Response, type Router } from 'express'
import { DEFAULTS } from '../../contract/index.ts'
import { MULTIPART_LIMITS, partCount, partSizeFor } from '../../signing/multipart-limits.ts'
import { callbackParameter } from '../callback/parameter.ts'
import { readable } from '../http/get-route.ts'
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
import { multipartOptions } from './options.ts'
import * as calls from './presigned-calls.ts'
import { type BegunUpload, readUploadToken, uploadToken } from './upload-token.ts'

/** Parts that one request may ask URLs for. */
const PARTS_AT_ONCE = 100

/**
 * `GET /multipart` and the steps below it: signed calls for an upload in parts. Nothing is
 * remembered; what was allowed at the beginning stands in a token that every later step carries.
 *
 * - `/multipart?name=&type=&size=[&conflict=rename]`: the same checks and the same key as for a form;
 *   answers token, part size and the call that begins the upload
 * - `/multipart/initiate?token=`: that call once more, for the same key
 * - `/multipart/parts?token=&uploadId=&from=&to=`: the calls that store these parts
 * - `/multipart/complete?token=&uploadId=`, `/multipart/list?…[&after=]`, `/multipart/abort?…`
 *
 * @param secret Key of the tokens; the same on every instance
 * @param dir Key prefix of every object
 * @throws TypeError when an option cannot work
 */
export function multipartRouter(options: SigningOptions, secret: Buffer, dir: string): Router {
  const limits = multipartOptions(options.multipart ?? {}, options.maxSize)
  const endpoint = new URL(options.uploadHost).origin
  const { bucket, region } = options

  const signer = async (now: Date): Promise<calls.CallSigner> => {
    const credentials =
      typeof options.credentials === 'function' ? await options.credentials() : options.credentials
    const expiresInSeconds = lifetime(
      options.expiresInSeconds ?? DEFAULTS.expiresSeconds,
      credentials,
      now,
    )
    return { credentials, region, bucket, endpoint, now, expiresInSeconds }
  }
  const answer = (
    response: Response,
    body: object,
    { now, expiresInSeconds }: calls.CallSigner,
  ) => {
    // Rounded down: a client that trusts it must not be late.
    const expire = Math.floor(now.getTime() / 1000) + expiresInSeconds
    sendJson(response, { ...body, expire, expiresIn: expiresInSeconds })
  }
  const clock = (): Date => options.now?.() ?? new Date()

  const begin = async (request: Request, response: Response): Promise<void> => {
    const limit = await admitCaller(request, options)
    const asked = askedUpload(request)
    if (asked === undefined) {
      throw new RequestError('InvalidRequest', 'The parameters "name" and "size" must be given')
    }
    checkUpload(asked, Math.min(limits.maxSize, limit), options.allowedTypes ?? [])
    const { size } = asked
    if (size === 0) {
      throw new RequestError('InvalidRequest', 'An empty file has no parts: use a form')
    }
    const key = await nameUpload(asked, request, options, dir)
    const partSize = partSizeFor(size, limits.partSize)
    const now = clock()
    const expires = Math.floor(now.getTime() / 1000) + limits.lifetimeSeconds
    const upload: BegunUpload = { key, size, contentType: contentTypeOf(asked), partSize, expires }
    const by = await signer(now)
    const token = uploadToken(secret, bucket, upload)
    const parts = partCount(size, partSize)
    const initiate = calls.signInitiate(by, upload)
    answer(response, { key, size, partSize, parts, token, tokenExpire: expires, initiate }, by)
  }

  const step = (
    sign: (request: Request, upload: BegunUpload, by: calls.CallSigner) => object,
  ): ((request: Request, response: Response) => Promise<void>) => {
    return async (request, response) => {
      const limit = await admitCaller(request, options)
      const now = clock()
      const seconds = now.getTime() / 1000
      const upload = readUploadToken(request.query.token, secret, bucket, seconds)
      if (upload.size > limit) {
        throw new RequestError('FileTooLarge', `At most ${limit} bytes are allowed`)
      }
      const by = await signer(now)
      answer(response, sign(request, upload, by), by)
    }
  }

  const callback = (key: string, by: calls.CallSigner): string | undefined => {
    if (options.callbackUrl === undefined) return undefined
    const expires = Math.ceil(by.now.getTime() / 1000) + by.expiresInSeconds
    return callbackParameter(options.callbackUrl, secret, bucket, { key }, expires)
  }

  const router = express.Router()
  readable(router, '/multipart', begin)
  readable(
    router,
    '/multipart/initiate',
    step((_request, upload, by) => calls.signInitiate(by, upload)),
  )
  readable(
    router,
    '/multipart/parts',
    step((request, upload, by) => {
      const uploadId = uploadIdOf(request)
      const last = partCount(upload.size, upload.partSize)
      const from = numberOf(request, 'from', 1, last)
      const to = numberOf(request, 'to', from, Math.min(last, from + PARTS_AT_ONCE - 1))
      const parts: calls.SignedPart[] = []
      for (let n = from; n <= to; n += 1) parts.push(calls.signPart(by, upload, uploadId, n))
      return { method: 'PUT', parts }
    }),
  )
  readable(
    router,
    '/multipart/complete',
    step((request, upload, by) =>
      calls.signComplete(by, upload, uploadIdOf(request), callback(upload.key, by)),
    ),
  )
  readable(
    router,
    '/multipart/list',
    step((request, upload, by) => {
      const { after } = request.query
      const most = MULTIPART_LIMITS.parts
      const marker = after === undefined ? 0 : numberOf(request, 'after', 0, most)
      return calls.signList(by, upload, uploadIdOf(request), marker)
    }),
  )
  readable(
    router,
    '/multipart/abort',
    step((request, upload, by) => calls.signAbort(by, upload, uploadIdOf(request))),
  )
  return router
}

function uploadIdOf(request: Request): string {
  const { uploadId } = request.query
  if (typeof uploadId === 'string' && /^[\w.~-]{1,256}$/.test(uploadId)) return uploadId
  throw new RequestError('InvalidRequest', 'The parameter "uploadId" must be the one OSS has told')
}

function numberOf(request: Request, name: string, min: number, max: number): number {
  const text = request.query[name]
  const number = typeof text === 'string' && /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new RequestError(
    'InvalidRequest',
    `The parameter "${name}" must be a whole number from ${min} to ${max}`,
  )
}
