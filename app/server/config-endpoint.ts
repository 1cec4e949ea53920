import type { ClientConfig } from '@oss-direct-upload/contract'
import type { RequestHandler } from 'express'
import type { ResolvedOptions } from './resolve-options.ts'

/** Returns the limits that apply to every client; a `limit` hook may lower them for some. */
export function clientConfig(options: ResolvedOptions): ClientConfig {
  const { maxSize, allowedTypes, accessCode, uploadHost, multipart } = options
  return {
    maxSize,
    allowedTypes: [...allowedTypes],
    accessCodeRequired: accessCode !== undefined,
    uploadHost,
    ...(multipart && {
      multipart: { threshold: multipart.threshold, maxSize: multipart.maxSize },
    }),
  }
}

/** Handles `GET /config.json`, which needs no access code. */
export function configHandler(options: ResolvedOptions): RequestHandler {
  const config = clientConfig(options)
  return (_request, response) => {
    response.set('Cache-Control', 'no-store').json(config)
  }
}
