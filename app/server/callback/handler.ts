import express, { type Request, type RequestHandler } from 'express'
import { RequestError } from '../http/errors.ts'
import { requestIdOf } from '../http/request-id.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { parseCallbackBody, type UploadedEvent } from './body.ts'
import { PublicKeyCache, publicKeyUrl } from './public-key.ts'
import { ReplayGuard } from './replay-guard.ts'
import { isCallbackSigned, strictBase64 } from './signature.ts'
import { isStoredAs } from './stored-object.ts'
import { verifyCallbackToken } from './token.ts'
import { callbackTargets } from './url.ts'

const MAX_BODY_BYTES = 64 * 1024
/** Bytes that OSS relays to the browser at most ("Callback", Alibaba Cloud OSS documentation). */
const MAX_REPLY_BYTES = 1024 * 1024

/**
 * Handles `POST /callback`, which OSS calls once an object is stored. Checks, the cheapest first:
 * length and form of the body, token, OSS's signature, that it is no replay, and, with `checkUploads`,
 * that the object is stored as reported. Then calls `onUploaded`; what that returns goes to the
 * browser.
 *
 * Unless it gets a 200 in time, OSS answers the browser 203 CallbackFailed: the object is stored, but
 * the application has not confirmed it. That is also the result when `onUploaded` throws or is late.
 * A late hook runs on; if it fails then, `report` is called.
 */
export function callbackHandler(options: ResolvedOptions): RequestHandler[] {
  const verify = callbackVerifier(options)
  const { onUploaded, callbackTimeoutMs, report } = options
  const handler: RequestHandler = async (request, response) => {
    const id = requestIdOf(response)
    const reply = verify(request).then(async (event) => {
      const { object, size } = event
      return replyText((await onUploaded?.(event)) ?? { status: 'ok', object, size })
    })
    const text = await withTimeout(reply, callbackTimeoutMs, (error) => report(error, id))
    response.set('Cache-Control', 'no-store').type('json').send(text)
  }
  return [express.raw({ type: () => true, limit: MAX_BODY_BYTES, inflate: false }), handler]
}

function callbackVerifier(options: ResolvedOptions): (request: Request) => Promise<UploadedEvent> {
  const { tokenSecret, now, callbackUrl = '', objectSource } = options
  const keys = new PublicKeyCache(options.fetchPublicKey, now)
  const replays = new ReplayGuard()
  const targets = callbackTargets(callbackUrl)
  return async (request) => {
    const body = rawBody(request)
    const { event, token } = parseCallbackBody(body, request.get('content-type'))
    const { bucket, object: key } = event
    const seconds = now().getTime() / 1000
    const expires = verifyCallbackToken(token, tokenSecret, bucket, key, seconds)
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
    const publicKey = await keys.get(url).catch((cause) => {
      throw new RequestError('CallbackKeyUnavailable', undefined, { cause })
    })
    // OSS signs the address it was given; a proxy may have changed the one that arrived.
    if (!isCallbackSigned([request.originalUrl, ...targets], body, signature, publicKey)) {
      throw new RequestError('CallbackNotVerified')
    }
    if (!replays.admit(body, expires, seconds)) {
      throw new RequestError('CallbackNotVerified', 'This callback has been received before')
    }
    if (objectSource && !(await isStoredAs(objectSource, event))) {
      throw new RequestError('CallbackNotVerified', 'The object is not stored as the callback says')
    }
    options.keyUse?.accepted()
    return event
  }
}

function rawBody(request: Request): Buffer {
  const body: unknown = request.body
  if (body === undefined || (Buffer.isBuffer(body) && body.length === 0)) {
    throw new RequestError('InvalidRequest', 'The callback has no body')
  }
  // OSS signs bytes, which cannot be restored from a parsed body.
  if (!Buffer.isBuffer(body)) throw new Error('Mount the signing router before any body parser')
  return body
}

function replyText(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TypeError('onUploaded must return an object or nothing')
  }
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > MAX_REPLY_BYTES) {
    throw new TypeError(`onUploaded must return at most ${MAX_REPLY_BYTES} bytes of JSON`)
  }
  return text
}

async function withTimeout<T>(
  work: Promise<T>,
  timeoutMs: number,
  onLateFailure: (error: unknown) => void,
): Promise<T> {
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    timeout.reject(new RequestError('CallbackTooSlow'))
    work.catch(onLateFailure)
  }, timeoutMs)
  try {
    return await Promise.race([work, timeout.promise])
  } finally {
    clearTimeout(timer)
  }
}
