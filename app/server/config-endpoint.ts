import type { RequestHandler } from 'express'
import type { ClientConfig } from '../contract/index.ts'
import { POST_LIMITS } from '../signing/index.ts'
import { multipartOptions } from './multipart/options.ts'
import type { SigningOptions } from './signing-options.ts'

/** The limits that hold for every caller; a `limit` hook may set a lower one for some. */
export function clientConfig(options: SigningOptions): ClientConfig {
  const parts = options.multipart && multipartOptions(options.multipart, options.maxSize)
  return {
    maxSize: options.maxSize ?? POST_LIMITS.objectBytes,
    allowedTypes: [...(options.allowedTypes ?? [])],
    accessCodeRequired: options.accessCode !== undefined,
    uploadHost: new URL(options.uploadHost).origin,
    ...(parts ? { multipart: { threshold: parts.threshold, maxSize: parts.maxSize } } : {}),
  }
}

/** `GET /config.json`: the same for everyone, and open to those without an access code. */
export function clientConfigHandler(options: SigningOptions): RequestHandler {
  const config = clientConfig(options)
  return (_request, response) => {
    response.set('Cache-Control', 'no-store').json(config)
  }
}
