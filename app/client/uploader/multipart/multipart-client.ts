import type { FileToSign } from '../request-form.ts'
import { requestJson } from '../signing-client.ts'
import { noResponse, UploadError } from '../upload-error.ts'

/** Milliseconds after which a question that was not answered is taken for lost. */
const ANSWER_MS = 30_000

/** A call on the bucket that the server has signed. */
export interface PresignedRequest {
  method: string
  url: string
  headers: Record<string, string>
}

/** What the server tells of an upload that is about to begin. */
export interface NewUpload {
  key: string
  /** Bytes of every part but the last. */
  partSize: number
  /** What later steps have to carry. */
  token: string
  /** When the token ends, in unix seconds. */
  tokenExpire: number
  initiate: PresignedRequest
  /** Seconds that `initiate` is good for, from when the server answered. */
  expiresIn: number
}

/** Where a part goes, and what of the file it is. */
export interface SignedPart {
  partNumber: number
  /** Bytes from the beginning of the file. */
  offset: number
  /** Bytes. */
  size: number
  url: string
}

/** Calls for several parts. */
export interface SignedParts {
  parts: SignedPart[]
  /** Seconds that they are good for, from when the server answered. */
  expiresIn: number
}

/** The server's side of an upload in parts; see its `GET /multipart`. */
export class MultipartClient {
  readonly #serverUrl: string
  readonly #accessCode: () => string | undefined

  constructor(serverUrl: string, accessCode: () => string | undefined) {
    this.#serverUrl = serverUrl
    this.#accessCode = accessCode
  }

  /** @throws UploadRefusedError @throws the signal's reason when aborted */
  begin(file: FileToSign, signal: AbortSignal): Promise<NewUpload> {
    const { name, type, size, rename } = file
    const query = { name, type, size: String(size), ...(rename ? { conflict: 'rename' } : {}) }
    return this.#ask('multipart', query, newUpload, signal)
  }

  /** As `begin`. @param from and to Part numbers */
  parts(
    token: string,
    uploadId: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<SignedParts> {
    const query = { token, uploadId, from: String(from), to: String(to) }
    return this.#ask('multipart/parts', query, signedParts, signal)
  }

  /** As `begin`. */
  step(
    name: 'initiate' | 'complete' | 'list' | 'abort',
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<PresignedRequest> {
    return this.#ask(`multipart/${name}`, query, signedCall, signal)
  }

  async #ask<T>(
    path: string,
    query: Record<string, string>,
    read: (body: unknown) => T | undefined,
    signal: AbortSignal,
  ): Promise<T> {
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
    try {
      return await requestJson(this.#serverUrl, path, query, this.#accessCode(), read, inTime)
    } catch (error) {
      signal.throwIfAborted()
      throw inTime.aborted ? new UploadError(noResponse('server')) : error
    }
  }
}

function newUpload(body: unknown): NewUpload | undefined {
  const { key, partSize, token, tokenExpire, initiate, expiresIn } = members(body)
  const call = signedCall(initiate)
  if (typeof key !== 'string' || typeof token !== 'string' || call === undefined) return undefined
  if (typeof partSize !== 'number' || !(partSize > 0)) return undefined
  if (typeof tokenExpire !== 'number' || typeof expiresIn !== 'number') return undefined
  return { key, partSize, token, tokenExpire, initiate: call, expiresIn }
}

function signedCall(body: unknown): PresignedRequest | undefined {
  const { method, url, headers } = members(body)
  if (typeof method !== 'string' || typeof url !== 'string') return undefined
  if (typeof headers !== 'object' || headers === null) return undefined
  return { method, url, headers: headers as Record<string, string> }
}

function signedParts(body: unknown): SignedParts | undefined {
  const { parts, expiresIn } = members(body)
  if (!Array.isArray(parts) || typeof expiresIn !== 'number') return undefined
  return { parts: parts as SignedPart[], expiresIn }
}

function members(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
}
