import {
  MAX_FILES_PER_REQUEST,
  type RefusedFile,
  type SignaturesResponse,
  type SignedFile,
} from '@oss-direct-upload/contract'
import type { Request } from 'express'
import { asRequestError } from '../http/error-handler.ts'
import { RequestError } from '../http/errors.ts'
import type { ResolvedOptions } from '../resolve-options.ts'
import { createSigner, type Signer } from '../upload/signer.ts'
import { admitClient, parseUpload } from '../upload/upload-request.ts'
import { objectTarget, signForm } from './sign-form.ts'

/** Room for 100 names of the longest object key, each byte escaped. */
export const MAX_BODY_BYTES = 1024 * 1024

/** What signing many files needs to know of the HTTP exchange. */
export interface FilesExchange {
  /** Returns the parsed body; called once the client is admitted. */
  readBody: () => Promise<unknown>
  /** Called before each file; what it throws refuses the file. @default nothing */
  beforeFile?: (index: number) => void
  /** Returns the id of the request, for files that are refused. */
  requestId: () => string
}

/**
 * Signs or refuses each of the files in the body of a request.
 *
 * @throws RequestError when the client is not admitted, or the body is invalid
 */
export async function signFiles(
  request: Request,
  options: ResolvedOptions,
  { readBody, beforeFile, requestId }: FilesExchange,
): Promise<SignaturesResponse> {
  const maxSize = Math.min(options.maxSize, await admitClient(request, options))
  const requested = parseFiles(await readBody())
  const signer = await createSigner(options)
  const files: (SignedFile | RefusedFile)[] = []
  for (const [index, file] of requested.entries()) {
    try {
      beforeFile?.(index)
      files.push(await signFile(file, maxSize, request, signer, options))
    } catch (error) {
      files.push(refusedFile(error, requestId(), options))
    }
  }
  return { files, expiresIn: signer.expiresInSeconds }
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
