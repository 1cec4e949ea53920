import express, { type RequestHandler, type Router } from 'express'
import { clientConfigHandler } from './client-config.ts'
import { methodNotAllowed } from './error-reply.ts'
import { signatureHandler } from './signature-handler.ts'
import type { SigningOptions } from './signing-options.ts'

const READ_METHODS = 'GET, HEAD, OPTIONS'

/**
 * `GET /signature` and `GET /config.json`, to be mounted in any Express 5 application. Refusals are thrown as
 * RequestError; `errorReply` turns them into JSON.
 *
 * @throws TypeError when an option cannot work
 */
export function signingRouter(options: SigningOptions): Router {
  if (!/^https?:$/.test(new URL(options.uploadHost).protocol)) {
    throw new TypeError('uploadHost must be an http or https origin')
  }
  const router = express.Router()
  readable(router, '/signature', signatureHandler(options))
  readable(router, '/config.json', clientConfigHandler(options))
  return router
}

function readable(router: Router, path: string, get: RequestHandler): void {
  router
    .route(path)
    .get(get)
    .options((_request, response) => {
      response.set('Allow', READ_METHODS).status(204).end()
    })
    .all(methodNotAllowed(READ_METHODS))
}
