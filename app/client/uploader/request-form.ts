import type { SignaturesRequest } from '@oss-direct-upload/contract'
import { type FileDescription, fileQuery } from './file-description.ts'
import { isObject, postJson, requestJson, type SigningServer } from './signing-client.ts'
import { noResponse, serverError, UploadError } from './upload-error.ts'

const TIMEOUT_MS = 30_000

/** A signed PostObject form for one file. */
export interface SignedForm {
  url: string
  /** In the order to send; the file goes last. */
  fields: Record<string, string>
  key: string
  /** When the policy expires, in unix seconds by the signing server's clock. */
  expire: number
}

/** Forms that were signed in one answer. */
export interface SignedForms {
  /** The form of each file, or why it is refused, in the order of the request. */
  results: (SignedForm | UploadError)[]
  /** Lifetime in seconds. */
  expiresIn: number
}

/**
 * Requests the signed form of one file.
 *
 * @throws UploadError when the server rejects the request or does not respond
 */
export function requestForm(server: SigningServer, file: FileDescription): Promise<SignedForm> {
  return inTime((signal) => requestJson(server, 'signature', fileQuery(file), parseForm, signal))
}

/**
 * Requests the signed forms of up to 100 files.
 *
 * @throws UploadError when the server rejects the request as a whole, or does not respond
 */
export function requestForms(
  server: SigningServer,
  files: readonly FileDescription[],
): Promise<SignedForms> {
  const body: SignaturesRequest = {
    files: files.map(({ name, type, size, rename }) => ({
      name,
      type,
      size,
      ...(rename && { conflict: 'rename' }),
    })),
  }
  const parse = (answer: unknown) => parseForms(answer, files.length)
  return inTime((signal) => postJson(server, 'signatures', body, parse, signal))
}

async function inTime<T>(request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const signal = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await request(signal)
  } catch (error) {
    throw signal.aborted ? new UploadError(noResponse('server')) : error
  }
}

function parseForms(body: unknown, count: number): SignedForms | undefined {
  if (!isObject(body) || !Array.isArray(body.files)) return undefined
  const { files, expiresIn } = body
  if (files.length !== count || typeof expiresIn !== 'number') return undefined
  const results = files.map((file) => parseForm(file) ?? refusal(file))
  return { results, expiresIn }
}

function refusal(file: unknown): UploadError {
  const { status, retryAfter }: Record<string, unknown> = isObject(file) ? file : {}
  const seconds = typeof retryAfter === 'number' ? String(retryAfter) : null
  return new UploadError(serverError(typeof status === 'number' ? status : 500, file, seconds))
}

function parseForm(body: unknown): SignedForm | undefined {
  if (!isObject(body)) return undefined
  const { url, fields, key, expire } = body
  if (typeof url !== 'string' || typeof key !== 'string') return undefined
  if (typeof expire !== 'number' || !isObject(fields)) return undefined
  return { url, fields: fields as Record<string, string>, key, expire }
}
