import express, { type Router } from 'express'
import { methodNotAllowed } from './error-reply.ts'
import { signatureHandler } from './signature-handler.ts'
import type { SigningOptions } from './signing-options.ts'

/**
 * `GET /signature`, to be mounted in any Express 5 application. Refusals are thrown as
 * RequestError; `errorReply` turns them into JSON.
 *
 * @throws TypeError when an option cannot work
 */
export function signingRouter(options: SigningOptions): Router {
  if (!/^https?:$/.test(new URL(options.uploadHost).protocol)) {
    throw new TypeError('uploadHost must be an http or https origin')
  }
  const router = express.Router()
  router
    .route('/signature')
    .get(signatureHandler(options))
    .options((_request, response) => {
      response.set('Allow', 'GET, HEAD, OPTIONS').status(204).end()
    })
    .all(methodNotAllowed('GET, HEAD, OPTIONS'))
  return router
}
