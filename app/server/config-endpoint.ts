import type { RequestHandler } from 'express'
import { POST_LIMITS } from '../signing/index.ts'
import { multipartOptions } from './multipart/options.ts'
import type { SigningOptions } from './signing-options.ts'

/** What `GET /config.json` tells a page before it asks for a signature; nothing of it is secret. */
export interface ClientConfig {
  /** Bytes of the largest file that goes by form. */
  maxSize: number
  /** Extensions and MIME types; empty when every file is allowed. */
  allowedTypes: string[]
  /** Whether `GET /signature` wants the header x-access-code. */
  accessCodeRequired: boolean
  /** Origin that forms are posted to. */
  uploadHost: string
  /** Absent when every file goes by form. */
  multipart?: {
    /** Bytes from which on a file goes in parts. */
    threshold: number
    /** Bytes of the largest file that goes in parts. */
    maxSize: number
  }
}

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
