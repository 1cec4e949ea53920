import express, { type Request, type RequestHandler } from 'express'
import { RequestError } from '../http/request-error.ts'
import { requestIdOf } from '../http/request-id.ts'
import type { SigningOptions } from '../signing-options.ts'
import { readCallbackBody, type UploadedEvent } from './body.ts'
import { fetchPublicKey, PublicKeys, publicKeyUrl } from './public-key.ts'
import { ReplayGuard } from './replay-guard.ts'
import { isCallbackSigned, strictBase64 } from './signature.ts'
import { checkCallbackToken } from './token.ts'
import { callbackTargets } from './url.ts'

/** Milliseconds after which OSS is answered whatever happens; it waits 5 seconds. */
const ANSWER_MILLISECONDS = 4_500
const BODY_BYTES = 64 * 1024
/** Bytes that OSS hands on to the browser at most ("Callback", OSS documentation). */
const REPLY_BYTES = 1024 * 1024

/**
 * `POST /callback`, called by OSS once an object is stored. In this order, cheapest first: length
 * and form of the body, token, OSS's signature, and that it was not received before. Only then does
 * `onUploaded` see it, and what that returns goes to the browser.
 *
 * Whatever is not answered with 200 in time reaches the browser as 203 CallbackFailed: the object is
 * stored, but the application has not confirmed it. So that is what a hook gets that throws or is
 * late; a late one runs on, and if it fails then, `report` is told.
 *
 * @param secret Key of the callback tokens
 * @param dir Key prefix of every object
 */
export function callbackHandler(
  options: SigningOptions,
  secret: Buffer,
  dir: string,
): RequestHandler[] {
  const now = options.now ?? (() => new Date())
  const keys = new PublicKeys(options.fetchPublicKey ?? fetchPublicKey, () => now().getTime())
  const seen = new ReplayGuard()
  const called = options.callbackUrl === undefined ? [] : callbackTargets(options.callbackUrl)
  const deadline = options.callbackMilliseconds ?? ANSWER_MILLISECONDS

  const verified = async (request: Request): Promise<UploadedEvent> => {
    const body = rawBody(request)
    const { event, token } = readCallbackBody(body, request.get('content-type'))
    const { bucket, object } = event
    const seconds = now().getTime() / 1000
    const expires = checkCallbackToken(token, secret, { bucket, object, dir }, seconds)
    const signature = strictBase64(request.get('authorization'))
    const url = publicKeyUrl(request.get('x-oss-pub-key-url'))
    if (
      bucket !== options.bucket ||
      expires === undefined ||
      signature === undefined ||
      url === undefined
    ) {
      throw new RequestError('CallbackNotVerified')
    }
    const key = await keys.get(url).catch((cause) => {
      throw new RequestError('CallbackKeyUnavailable', undefined, { cause })
    })
    // The address that OSS was told, and, where no proxy rewrites it, the one that arrived.
    const targets = new Set([request.originalUrl, ...called])
    if (!isCallbackSigned([...targets], body, signature, key)) {
      throw new RequestError('CallbackNotVerified')
    }
    if (!seen.admit(body, expires, seconds)) {
      throw new RequestError('CallbackNotVerified', 'This callback has been received before')
    }
    return event
  }

  const answer: RequestHandler = async (request, response) => {
    const id = requestIdOf(response)
    const reply = verified(request).then(async (event) => {
      const { object, size } = event
      return jsonReply((await options.onUploaded?.(event)) ?? { status: 'ok', object, size })
    })
    const text = await inTime(reply, deadline, (error) => options.report?.(error, id))
    response.set('Cache-Control', 'no-store').type('json').send(text)
  }
  return [express.raw({ type: () => true, limit: BODY_BYTES, inflate: false }), answer]
}

function rawBody(request: Request): Buffer {
  const body: unknown = request.body
  if (body === undefined || (Buffer.isBuffer(body) && body.length === 0)) {
    throw new RequestError('InvalidRequest', 'The callback has no body')
  }
  // OSS signs bytes, which cannot be had again from what a parser made of them.
  if (!Buffer.isBuffer(body)) throw new Error('Mount the signing router before any body parser')
  return body
}

function jsonReply(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('onUploaded must return an object or nothing')
  }
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > REPLY_BYTES) {
    throw new TypeError(`onUploaded must return at most ${REPLY_BYTES} bytes of JSON`)
  }
  return text
}

async function inTime<T>(
  work: Promise<T>,
  milliseconds: number,
  failedLater: (error: unknown) => void,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new RequestError('CallbackTooSlow'))
    work.catch(failedLater)
  }, milliseconds)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
