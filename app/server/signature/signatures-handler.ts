import { promisify } from 'node:util'
import {
  MAX_FILES_PER_REQUEST,
  type RefusedFile,
  type SignaturesResponse,
  type SignedFile,
} from '@oss-direct-upload/contract'
import compression from 'compression'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { asRequestError } from '../http/error-handler.ts'
import { RequestError } from '../http/errors.ts'
import { requestIdOf } from '../http/request-id.ts'
import { sendJson } from '../http/send-json.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { createSigner, type Signer } from '../upload/signer.ts'
import { admitClient, parseUpload } from '../upload/upload-request.ts'
import { objectTarget, signForm } from './sign-form.ts'

/** Room for 100 names of the longest object key, each byte escaped. */
const MAX_BODY_BYTES = 1024 * 1024

/**
 * Handles `POST /signatures`: signs up to 100 files in one compressed answer. Each is signed or refused
 * as `GET /signature` does; the hooks `authorise` and `limit` are called once for all.
 */
export function signaturesHandlers(options: ResolvedOptions): RequestHandler[] {
  const handler: RequestHandler = async (request, response) => {
    const maxSize = Math.min(options.maxSize, await admitClient(request, options))
    const files = parseFiles(await readJson(request, response))
    const signer = await createSigner(options)
    const answers: (SignedFile | RefusedFile)[] = []
    for (const [index, file] of files.entries()) {
      try {
        // The request itself has counted as the first file.
        if (index > 0) options.rateLimit?.take(request, response)
        answers.push(await signFile(file, maxSize, request, signer, options))
      } catch (error) {
        answers.push(refusedFile(error, requestIdOf(response), options))
      }
    }
    response.locals.results = answers.map((answer) => ('code' in answer ? answer.code : 'ok'))
    const body: SignaturesResponse = { files: answers, expiresIn: signer.expiresInSeconds }
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

/**
 * Returns the files in the body of a request.
 *
 * @throws RequestError InvalidRequest
 */
export function parseFiles(body: unknown): object[] {
  const files: unknown = typeof body === 'object' && body !== null && Reflect.get(body, 'files')
  if (!Array.isArray(files) || files.some((file) => typeof file !== 'object' || file === null)) {
    throw new RequestError(
      'InvalidRequest',
      'The body must be JSON like {"files":[{"name":"a.jpg","type":"image/jpeg","size":1}]}',
    )
  }
  if (files.length < 1 || files.length > MAX_FILES_PER_REQUEST) {
    throw new RequestError(
      'InvalidRequest',
      `"files" must name 1 to ${MAX_FILES_PER_REQUEST} files, not ${files.length}`,
    )
  }
  return files
}

async function signFile(
  file: object,
  maxSize: number,
  request: Request,
  signer: Signer,
  options: ResolvedOptions,
): Promise<SignedFile> {
  const upload = parseUpload(file)
  if (upload === undefined) throw new RequestError('InvalidRequest', 'A file needs name and size')
  const target = await objectTarget(upload, maxSize, request, options)
  const { url, method, fields, expire } = signForm(target, signer, options)
  return { status: 200, url, method, fields, key: target.key, expire }
}

function refusedFile(error: unknown, requestId: string, { report }: ResolvedOptions): RefusedFile {
  const { status, code, message, retryAfterSeconds } = asRequestError(error)
  if (status >= 500) report(error, requestId)
  return {
    status,
    code,
    message,
    requestId,
    ...(retryAfterSeconds !== undefined && { retryAfter: retryAfterSeconds }),
  }
}
