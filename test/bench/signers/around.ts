import express, { type Express, type RequestHandler } from 'express'
import { createApp } from '../../../app/server/create-app.ts'
import { serverLog } from '../../../app/server/http/logger.ts'
import { SIGNING } from './sample.ts'

/**
 * This project's application with all its middleware, but with another handler in the place of the
 * one that signs.
 */
export function aroundHandler(handler: RequestHandler): Express {
  const app = createApp({ signing: SIGNING, signaturesPerMinute: 1e9, log: serverLog() })
  const router = express.Router()
  router.route('/signature').get(handler)
  const layer = app.router.stack.find(({ name }) => name === 'router')
  if (layer === undefined) throw new Error('The application mounts no router to be replaced')
  layer.handle = router
  return app
}
