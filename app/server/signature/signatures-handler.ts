import { promisify } from 'node:util'
import compression from 'compression'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { requestIdOf } from '../http/request-id.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { MAX_BODY_BYTES, signFiles } from './sign-files.ts'

/**
 * Handles `POST /signatures`: signs up to 100 files in one compressed answer. Each is signed or refused
 * as `GET /signature` does; the hooks `authorise` and `limit` are called once for all.
 */
export function signaturesHandlers(options: ResolvedOptions): RequestHandler[] {
  const handler: RequestHandler = async (request, response) => {
    const body = await signFiles(request, options, {
      readBody: () => readJson(request, response),
      // The request itself has counted as the first file.
      beforeFile: (index) => index > 0 && options.rateLimit?.take(request, response),
      requestId: () => requestIdOf(response),
    })
    const { files } = body
    response.locals.results = files.map((file) => ('code' in file ? file.code : 'ok'))
    sendJson(response, body)
  }
  return [compression(), handler]
}

// Compressed bodies are refused: they could expand to any size.
const parseJson = promisify<Request, Response, void>(
  express.json({ limit: MAX_BODY_BYTES, inflate: false }),
)

async function readJson(request: Request, response: Response): Promise<unknown> {
  await parseJson(request, response)
  return request.body
}
