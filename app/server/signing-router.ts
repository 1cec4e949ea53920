import express, { type Router } from 'express'
import { DEFAULTS } from '../contract/index.ts'
import { callbackHandler } from './callback/handler.ts'
import { callbackSecret } from './callback/parameter.ts'
import { clientConfigHandler } from './config-endpoint.ts'
import { methodNotAllowed } from './http/error-handler.ts'
import { readable } from './http/get-route.ts'
import { multipartRouter } from './multipart/router.ts'
import { signatureHandler } from './signature/signature-handler.ts'
import type { SigningOptions } from './signing-options.ts'
import { checkSigningOptions } from './validate-options.ts'

/**
 * `GET /signature`, `GET /config.json`, with `multipart` also `GET /multipart` and what is below it,
 * with a `callbackUrl` also `POST /callback`, to be mounted in any Express 5 application. Refusals are
 * thrown as RequestError; `errorReply` turns them into JSON. Rate limit, security headers, CORS and the
 * page are not the router's: `createApp` has them all.
 *
 * @throws TypeError when an option cannot work
 */
export function signingRouter(options: SigningOptions): Router {
  const secret = callbackSecret(options)
  const dir = prefix(options.dir ?? DEFAULTS.uploadDir)
  checkSigningOptions(options, secret, dir)
  const router = express.Router()
  readable(router, '/signature', signatureHandler(options, secret, dir))
  readable(router, '/config.json', clientConfigHandler(options))
  if (options.multipart !== undefined) router.use(multipartRouter(options, secret, dir))
  if (options.callbackUrl !== undefined) {
    router
      .route('/callback')
      .post(...callbackHandler(options, secret, dir))
      .all(methodNotAllowed('POST'))
  }
  return router
}

function prefix(dir: string): string {
  return dir === '' || dir.endsWith('/') ? dir : `${dir}/`
}
