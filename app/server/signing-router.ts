import express, { type IRouter, type Router } from 'express'
import { callbackHandler } from './callback/handler.ts'
import { configHandler } from './config-endpoint.ts'
import { methodNotAllowed } from './http/error-handler.ts'
import { getRoute } from './http/get-route.ts'
import { addMultipartRoutes } from './multipart/routes.ts'
import { type ResolvedOptions, resolveOptions } from './resolve-options.ts'
import { signatureHandler } from './signature/signature-handler.ts'
import { signaturesHandlers } from './signature/signatures-handler.ts'
import type { SigningOptions } from './signing-options.ts'

/**
 * Creates the router of `GET /signature`, `POST /signatures` and `GET /config.json`; with `multipart` also of
 * `GET /multipart` and the paths below it, with `callbackUrl` also of `POST /callback`. Mount it in
 * any Express 5 application.
 *
 * Errors are thrown as RequestError; `errorHandler` answers them as JSON. Rate limit, security
 * headers, CORS and the page are not part of the router: `createApp` adds them.
 *
 * @throws TypeError when an option cannot work
 */
export function signingRouter(options: SigningOptions): Router {
  const router = express.Router()
  addSigningRoutes(router, resolveOptions(options))
  return router
}

/** Adds the routes of `signingRouter` to a router or an application. */
export function addSigningRoutes(router: IRouter, options: ResolvedOptions): void {
  const { multipart, callbackUrl } = options
  getRoute(router, '/signature', signatureHandler(options))
  router
    .route('/signatures')
    .post(...signaturesHandlers(options))
    .all(methodNotAllowed('POST'))
  getRoute(router, '/config.json', configHandler(options))
  if (multipart !== undefined) addMultipartRoutes(router, { ...options, multipart })
  if (callbackUrl !== undefined) {
    router
      .route('/callback')
      .post(...callbackHandler(options))
      .all(methodNotAllowed('POST'))
  }
}
