import { type FileDescription, fileQuery } from '../file-description.ts'
import { isObject, requestJson, type SigningServer } from '../signing-client.ts'
import { noResponse, UploadError } from '../upload-error.ts'
import type { PresignedRequest } from './presigned-request.ts'

const TIMEOUT_MS = 30_000

/** An upload that the server has planned and the bucket does not know yet. */
export interface NewUpload {
  key: string
  /** Bytes of every part but the last. */
  partSize: number
  /** Authorizes all later requests of the upload. */
  token: string
  /** When the token expires, in unix seconds. */
  tokenExpire: number
  initiate: PresignedRequest
  /** Lifetime of `initiate` in seconds, from the server's response. */
  expiresIn: number
}

/** A part of the file and its presigned URL. */
export interface SignedPart {
  partNumber: number
  /** Bytes from the start of the file. */
  offset: number
  /** Bytes. */
  size: number
  url: string
}

/** Presigned URLs of several parts. */
export interface SignedParts {
  parts: SignedPart[]
  /** Lifetime in seconds, from the server's response. */
  expiresIn: number
}

/**
 * Client of the signing server's `/multipart` endpoints. Each method throws an `UploadError` when the
 * server rejects the request or does not respond, and the signal's reason when it is aborted.
 */
export class MultipartClient {
  readonly #server: SigningServer

  constructor(server: SigningServer) {
    this.#server = server
  }

  start(file: FileDescription, signal: AbortSignal): Promise<NewUpload> {
    return this.#request('multipart', fileQuery(file), parseNewUpload, signal)
  }

  /** Returns the URLs of the parts `from` to `to`. */
  signParts(
    token: string,
    uploadId: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<SignedParts> {
    const query = { token, uploadId, from: String(from), to: String(to) }
    return this.#request('multipart/parts', query, parseSignedParts, signal)
  }

  sign(
    operation: 'complete' | 'list' | 'abort',
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<PresignedRequest> {
    return this.#request(`multipart/${operation}`, query, parsePresigned, signal)
  }

  async #request<T>(
    path: string,
    query: Record<string, string>,
    parse: (body: unknown) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    try {
      return await requestJson(this.#server, path, query, parse, inTime)
    } catch (error) {
      signal.throwIfAborted()
      throw inTime.aborted ? new UploadError(noResponse('server')) : error
    }
  }
}

function parseNewUpload(body: unknown): NewUpload | undefined {
  if (!isObject(body)) return undefined
  const { key, partSize, token, tokenExpire, expiresIn } = body
  const initiate = parsePresigned(body.initiate)
  if (typeof key !== 'string' || typeof token !== 'string' || !initiate) return undefined
  if (typeof partSize !== 'number' || !(partSize > 0)) return undefined
  if (typeof tokenExpire !== 'number' || typeof expiresIn !== 'number') return undefined
  return { key, partSize, token, tokenExpire, initiate, expiresIn }
}

function parsePresigned(body: unknown): PresignedRequest | undefined {
  if (!isObject(body) || !isObject(body.headers)) return undefined
  const { method, url, headers } = body
  if (typeof method !== 'string' || typeof url !== 'string') return undefined
  return { method, url, headers: headers as Record<string, string> }
}

function parseSignedParts(body: unknown): SignedParts | undefined {
  if (!isObject(body)) return undefined
  const { parts, expiresIn } = body
  if (!Array.isArray(parts) || typeof expiresIn !== 'number') return undefined
  return { parts: parts as SignedPart[], expiresIn }
}
